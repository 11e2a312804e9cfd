import { bench, do_not_optimize, group } from "mitata";
import { Histogram, quantile } from "../../src/metrics/mod.ts";

const histogram = new Histogram();
const durations = Array.from({ length: 1_000 }, (_, index) => 1e-6 * 1.02 ** index);

group("histogram", () => {
  bench("Histogram.record(), 1,000 times", () => {
    for (const duration of durations) histogram.record(duration);
  });
  bench("Histogram.snapshot() and quantile()", () => {
    do_not_optimize(quantile(histogram.snapshot(), 0.99));
  });
});
