/**
 * A second attempt beside one that takes long.
 *
 * @module
 */

import type { Clock, Timer } from "../core/mod.ts";
import type { Outcome } from "./outcome.ts";
import { Branch, type Ending } from "./scope.ts";

/** What a hedge is made with. */
export interface HedgeOptions {
  readonly clock: Clock;
  readonly ending: Ending;
  /** How long the first attempt may take, from when it has got an endpoint. */
  readonly afterMs: number;
  /** Asked when that time is over: whether a second one may be made. */
  readonly mayHedge: () => boolean;
}

/** Makes an attempt that ends with `ending`, and calls `started` when it has got its endpoint. */
export type Run = (ending: Ending, started: () => void) => Promise<Outcome>;

/**
 * Runs an attempt, and another beside it if the first takes long. The first answer counts, and the other attempt is
 * given up; a failure counts only when no other attempt is under way.
 */
export function hedged(run: Run, { clock, ending, afterMs, mayHedge }: HedgeOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const branches = new Set<Branch>();
    let timer: Timer | undefined;
    let started = false;
    const finish = (settle: () => void) => {
      timer?.cancel();
      for (const branch of branches) branch.end(new Error("another attempt was faster"));
      branches.clear();
      settle();
    };
    const launch = () => {
      const branch = new Branch(ending);
      branches.add(branch);
      run(branch, arm).then((outcome) => {
        if (!branches.delete(branch)) return;
        branch.end(undefined);
        if (outcome.kind === "answered" || branches.size === 0) finish(() => resolve(outcome));
      }, (error) => {
        if (branches.delete(branch) && branches.size === 0) finish(() => reject(error));
      });
    };
    const arm = () => {
      if (started) return;
      started = true;
      timer = clock.after(afterMs, () => {
        if (branches.size > 0 && mayHedge()) launch();
      });
    };
    launch();
  });
}
