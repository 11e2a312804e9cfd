/**
 * The director's assistant: audits the roster every so often and dismisses whose contract has lapsed.
 *
 * @module
 */

import type { DismissReason } from "../blueprint/mod.ts";
import { type Clock, every, type Timer } from "../core/mod.ts";
import type { Contracts } from "./contract.ts";
import type { Roster } from "./roster.ts";
import type { KeyedWorker } from "./worker.ts";

/** What an assistant is made with. */
export interface AssistantOptions {
  readonly roster: Roster;
  readonly contracts: Contracts;
  readonly clock: Clock;
  readonly maxWorkers: number;
  readonly dismiss: (worker: KeyedWorker, reason: DismissReason) => void;
}

/** Contracts looked at in one go: about 5 ms of work, so that a million lapsing at once don't stop the line. */
const GO = 20_000;

/** Finds who is to go. A busy worker never is, but for one that only waits for a timer when there is no other way. */
export class Assistant {
  readonly #options: AssistantOptions;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: AssistantOptions) {
    this.#options = options;
  }

  /** Begins the rounds. */
  start(): void {
    const { clock, contracts } = this.#options;
    this.#timer ??= every(clock, Math.max(5, contracts.tickMs), () => this.audit());
  }

  /** Ends the rounds until {@link start}. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** One round: dismisses workers whose contract has lapsed. */
  audit(): void {
    if (this.#closed || this.#timer === undefined) return;
    const { clock, contracts, roster, dismiss } = this.#options;
    const through = contracts.lapse(clock.now(), {
      most: GO,
      visit: (index, reason) => {
        const worker = roster.at(index)!;
        if (worker.busy) return false;
        dismiss(worker, reason);
        return true;
      },
    });
    if (!through) clock.soon(() => this.audit());
  }

  /** Makes room for one more. False if everybody is busy. */
  makeRoom(): boolean {
    const { roster, contracts, maxWorkers, dismiss } = this.#options;
    if (roster.size < maxWorkers) return true;
    let index = contracts.longestIdle((candidate) => !roster.at(candidate)!.busy);
    if (index < 0) index = contracts.longestIdle((candidate) => roster.at(candidate)!.waiting === 0);
    if (index < 0) return false;
    dismiss(roster.at(index)!, "evicted");
    return true;
  }

  close(): void {
    this.#closed = true;
    this.stop();
  }
}
