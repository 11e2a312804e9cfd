import { setImmediate } from "node:timers/promises";
import type { Clock, Timer } from "../../src/core/mod.ts";

/** A clock that stands still until it is advanced. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #timers: { at: number; run: () => void }[] = [];

  now(): number {
    return 1_700_000_000_000 + this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): Timer {
    const timer = { at: this.#nowMs + ms, run };
    this.#timers.push(timer);
    return { cancel: () => void (this.#timers = this.#timers.filter((other) => other !== timer)) };
  }

  soon(run: () => void): void {
    this.after(0, run);
  }

  /** How many timers wait. */
  get timers(): number {
    return this.#timers.length;
  }

  /** Lets `ms` pass: timers run in their order, each followed by everything that it set off. */
  async advance(ms: number): Promise<void> {
    const end = this.#nowMs + ms;
    await setImmediate();
    while (true) {
      const next = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.at);
      next.run();
      await setImmediate();
    }
    this.#nowMs = end;
  }
}
