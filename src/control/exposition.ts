import { Counter, Gauge, type Metric, Registry } from "prom-client";
import type { Factory } from "../headquarters/mod.ts";
import { residentMemoryBytes } from "../platform/mod.ts";
import { durationMetric } from "./duration_metric.ts";
import { gauge, type Series } from "./metric.ts";
import { seriesOfAccounts, seriesOfInspection, seriesOfProducts, seriesOfStatus } from "./series.ts";

const PREFIX = "shopfloor_";

/** What {@link Exposition} shows besides the factory. */
export interface ExpositionOptions {
  /** How many event streams are open. */
  readonly streams: () => number;
  /** What is counted of requests. */
  readonly http: readonly Metric<string>[];
}

/** The factory's figures as Prometheus text, gathered when asked for. */
export class Exposition {
  readonly #factory: Factory;
  readonly #streams: () => number;
  readonly #http: readonly Metric<string>[];

  constructor(factory: Factory, { streams, http }: ExpositionOptions) {
    this.#factory = factory;
    this.#streams = streams;
    this.#http = http;
  }

  /** What the text is. */
  get contentType(): string {
    return Registry.PROMETHEUS_CONTENT_TYPE;
  }

  /**
   * The text. It is made anew each time, so that nothing outlives what it was about; a factory that can't say how
   * it is leaves out its own figures, not the process's.
   */
  async text(): Promise<string> {
    const registry = new Registry();
    for (const metric of this.#http) registry.registerMetric(metric);
    for (const series of [...await this.#factorySeries(), ...this.#processSeries()]) {
      register(series, registry);
    }
    return await registry.metrics();
  }

  async #factorySeries(): Promise<Series[]> {
    const [status, accounts, products] = await Promise.allSettled([
      this.#factory.status(),
      this.#factory.accounts(),
      this.#factory.warehouse(),
    ]);
    const inspection = this.#factory.latestInspection();
    return [
      ...status.status === "fulfilled" ? seriesOfStatus(status.value) : [],
      ...accounts.status === "fulfilled" ? seriesOfAccounts(accounts.value) : [],
      ...products.status === "fulfilled" ? seriesOfProducts(products.value) : [],
      ...inspection === undefined ? [] : seriesOfInspection(inspection),
    ];
  }

  #processSeries(): Series[] {
    const memory = gauge("process_resident_memory_bytes", "Resident memory of the process.", [
      { value: residentMemoryBytes() },
    ]);
    const streams = gauge("http_streams", "Event streams open.", [{ value: this.#streams() }]);
    return [memory, { ...memory, bare: true }, streams]; // dashboards know the memory of a process by the bare name
  }
}

function register(series: Series, registry: Registry): void {
  const name = series.bare ? series.name : PREFIX + series.name;
  if (series.type === "histogram") return registry.registerMetric(durationMetric(name, series));
  const { help, samples } = series;
  const labelNames = Object.keys(samples[0]?.labels ?? {});
  const config = { name, help, labelNames, registers: [registry] };
  const metric = series.type === "counter" ? new Counter(config) : new Gauge(config);
  for (const { labels = {}, value } of samples) metric.inc(labels, value);
}
