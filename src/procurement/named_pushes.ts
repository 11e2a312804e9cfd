/**
 * Named pushes: one after the other under the same name, and never two different ones.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { plainJson } from "../batch/mod.ts";
import { abortable, OptionsError, ShopfloorError } from "../core/mod.ts";
import { PUSH_KEY_UNITS } from "../core/limits.ts";

/** Checks the name of a push. @throws {OptionsError} */
export function checkPushKey(key: unknown): asserts key is string {
  if (
    typeof key === "string" && key.length > 0 && key.length <= PUSH_KEY_UNITS && key.isWellFormed() &&
    !key.includes("\0")
  ) return;
  const found = typeof key === "string" ? `${key.length} characters` : typeof key;
  throw new OptionsError(
    `push: option idempotencyKey: expected a string of 1 to ${PUSH_KEY_UNITS} characters, found ${found}`,
    { fields: { option: "idempotencyKey", found } },
  );
}

/** What tells the items of two pushes apart. */
export function hashOf(items: readonly unknown[]): string {
  const hash = createHash("sha256");
  for (const item of items) hash.update(plainJson(item)).update("\n"); // which JSON never has in it
  return hash.digest("base64url");
}

/** Whether this is the push of before. @throws {ShopfloorError} `IDEMPOTENCY_CONFLICT` when it isn't */
export function checkSame(key: string, { known, given }: { known: string; given: string }): void {
  if (known === given) return;
  throw new ShopfloorError(
    `push: the idempotency key ${JSON.stringify(key)} has been used with other items; nothing was taken`,
    { code: "IDEMPOTENCY_CONFLICT", fields: { key } },
  );
}

/** Pushes of the same name wait for each other. */
export class NameLocks {
  readonly #underWay = new Map<string, Promise<unknown>>();

  /** Runs `task` when no other of this name is under way; settles as it does. */
  async run<T>(key: string, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    for (let other; (other = this.#underWay.get(key));) await abortable(other, signal);
    const running = task();
    const settled = running.then(() => {}, () => {});
    this.#underWay.set(key, settled);
    try {
      return await running;
    } finally {
      this.#underWay.delete(key);
    }
  }
}
