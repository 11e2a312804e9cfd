import { REGISTRY_RETRY_MAX_MS, REGISTRY_RETRY_MIN_MS } from "../core/limits.ts";

/** Waits between attempts: each up to twice as long as the one before, and never the same for everybody. */
export class Backoff {
  readonly #random: () => number;
  #ms = REGISTRY_RETRY_MIN_MS;

  /** `random` gives 0 to 1: half of each wait is left to it. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** How long to wait before the next attempt. */
  nextMs(): number {
    const ms = this.#ms * (0.5 + this.#random() / 2);
    this.#ms = Math.min(this.#ms * 2, REGISTRY_RETRY_MAX_MS);
    return ms;
  }

  /** It went well: the next wait is a short one again. */
  reset(): void {
    this.#ms = REGISTRY_RETRY_MIN_MS;
  }
}
