/**
 * A handler of about `--micros` µs of pure CPU: items per second with `--workshops` of them, next to a plain loop
 * with the same handler in this runtime.
 *
 * @module
 */

import { openFactory } from "../../mod.ts";
import { flags, report, throughput } from "./measure.ts";
import { spin, spinsFor } from "./spin.ts";

const { micros, workshops, secs, warm } = flags({ micros: 5, workshops: 2, secs: 8, warm: 3 });
const spins = spinsFor(micros);
const plain = plainLoop(spins);
const factory = await openFactory(new URL("./cpu_blueprint.ts", import.meta.url), {
  workshops,
  settings: { spins },
});
const itemsPerSecond = await throughput(factory, { warm, measured: secs });
const busy = factory.latestInspection()?.workshops.map((workshop) => Number(workshop.busy.toFixed(2)));
const summary = await factory.drain();
const problems = summary.products.result === summary.materials
  ? []
  : [`${summary.materials} materials, ${summary.products.result} products`];
report("cpu", {
  micros,
  workshops,
  itemsPerSecond: Math.round(itemsPerSecond),
  plainLoopPerSecond: Math.round(plain),
  overPlainLoop: Number((itemsPerSecond / plain).toFixed(2)),
  busy,
}, problems);

/** The same handler in one thread: a Map of states, a second long. */
function plainLoop(spins: number): number {
  const states = new Map<string, { mixed: number }>();
  let items = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < 1_500) {
    for (let i = 0; i < 1_000; i++, items++) {
      const key = `device-${items % 5_000}`;
      let state = states.get(key);
      if (state === undefined) states.set(key, state = { mixed: 1 });
      state.mixed = spin(state.mixed, spins);
    }
  }
  return items / ((performance.now() - startedAt) / 1_000);
}
