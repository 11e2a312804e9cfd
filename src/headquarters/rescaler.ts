/**
 * Changes the number of workshops, one change at a time.
 *
 * @module
 */

import { BusyError, DepartmentError, messageOf, Mutex, OptionsError } from "../core/mod.ts";
import { MAX_WORKSHOPS } from "../core/limits.ts";
import type { Departments } from "./departments.ts";
import type { Patience } from "./patience.ts";
import type { Recovery } from "./recovery.ts";
import { allRest, goOn, moveSlots } from "./slot_moves.ts";
import type { Site } from "./site.ts";

/** What a rescaler is made with. */
export interface RescalerOptions {
  readonly departments: Departments;
  readonly recovery: Recovery;
  readonly patience: Patience;
  readonly site: Site;
  /** Runs `task` while nobody else moves departments. */
  readonly exclusively: <T>(task: () => Promise<T>) => Promise<T>;
}

/** Has everybody finish and commit what there is, moves slots, and lets everybody go on. */
export class Rescaler {
  readonly #options: RescalerOptions;
  readonly #turns = new Mutex();
  #waiting = 0;
  /** Slots are on the move. */
  #moving: AbortController | undefined;

  constructor(options: RescalerOptions) {
    this.#options = options;
  }

  /** Resolves when there are `workshops`. @throws {OptionsError} @throws {BusyError} @throws {DepartmentError} */
  async scale(workshops: number): Promise<void> {
    if (!Number.isInteger(workshops) || workshops < 1 || workshops > MAX_WORKSHOPS) {
      throw new OptionsError(
        `scale: expected a whole number of workshops from 1 to ${MAX_WORKSHOPS}, found ${workshops}`,
        { fields: { option: "workshops", found: workshops } },
      );
    }
    this.#waiting++;
    try {
      await this.#turns.run(() => this.#scale(workshops));
    } finally {
      this.#waiting--;
    }
  }

  /** Whether somebody wants another number of workshops just now. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** A department has died: whatever moves is given up. */
  interrupt(error: Error): void {
    this.#moving?.abort(error);
  }

  async #scale(workshops: number): Promise<void> {
    const { departments, recovery, patience, exclusively } = this.#options;
    await recovery.settled();
    if (workshops === departments.size) return;
    // Whoever dies while everybody finishes what there is gets replaced as always.
    const committed = await patience.await(departments.procurement.calls.halt(), "procurement");
    await exclusively(() => this.#move(workshops, committed));
  }

  async #move(workshops: number, committed: number): Promise<void> {
    const { departments, recovery, site } = this.#options;
    const { signal } = this.#moving = new AbortController();
    try {
      if (!await allRest(committed, { departments, signal })) {
        await goOn(departments);
        throw new BusyError("scale: a workshop was replaced meanwhile; try again", { fields: { workshops } });
      }
      const { added, ended } = await moveSlots(workshops, { departments, committed, signal, site });
      recovery.forget(ended);
      recovery.watch(added);
    } catch (cause) {
      if (cause instanceof BusyError) throw cause;
      const error = new DepartmentError(`scaling to ${workshops} workshops failed: ${messageOf(cause)}`, {
        cause,
      });
      // Workers may be on their way: only the commit knows where everything is.
      for (const department of ["transport", "procurement"]) recovery.report(department, error);
      throw error;
    } finally {
      this.#moving = undefined;
    }
  }
}
