import { bench, do_not_optimize, group } from "mitata";
import { snapshot } from "../../src/workshop/snapshot.ts";
import { StateCopier } from "../../src/workshop/state_copier.ts";

const STATES: Readonly<Record<string, unknown>> = {
  "two numbers": { count: 1, mean: 2.5 },
  "ten fields": Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`field${index}`, index / 3])),
  "a list of ten": { last: Array.from({ length: 10 }, (_, index) => index) },
  "a Map of ten": new Map(Array.from({ length: 10 }, (_, index) => [index, { index }])),
};

group("snapshot", () => {
  for (const [name, state] of Object.entries(STATES)) {
    bench(`snapshot(), 1,000 times ${name}`, () => {
      for (let i = 0; i < 1_000; i++) do_not_optimize(snapshot(state));
    });
    const copier = new StateCopier();
    bench(`StateCopier.copy(), 1,000 times ${name}`, () => {
      for (let i = 0; i < 1_000; i++) do_not_optimize(copier.copy(state));
    });
  }
});
