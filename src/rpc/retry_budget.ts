/**
 * How much load retries may add.
 *
 * @module
 */

import { RPC_RETRY_BURST, RPC_RETRY_SHARE } from "../core/limits.ts";

/**
 * A token bucket that calls fill and retries empty: whatever happens, there are no more retries than a tenth of the
 * calls, and ten. Services that fail because of their load so never get a multiple of it.
 */
export class RetryBudget {
  #tokens: number = RPC_RETRY_BURST;

  /** Another call was made: a first attempt. */
  deposit(): void {
    this.#tokens = Math.min(RPC_RETRY_BURST, this.#tokens + RPC_RETRY_SHARE);
  }

  /** Takes what one more attempt costs. False if there is not enough: don't. */
  withdraw(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
