/**
 * Comlink, with errors that keep class, code, fields and cause. Both sides of every call import this.
 *
 * @module
 */

import { transferHandlers } from "comlink";
import { type ErrorWire, fromWire, toWire } from "../core/mod.ts";

interface Thrown {
  readonly value: unknown;
}

/** Makes errors cross in the one wire form. Comlink's own handler keeps a message and a stack at most. */
export function carryErrors(): void {
  const original = transferHandlers.get("throw")!;
  transferHandlers.set("throw", {
    canHandle: (value): value is Thrown => original.canHandle(value),
    serialize: (thrown: unknown) => [toWire((thrown as Thrown).value), []],
    deserialize(wire: ErrorWire): never {
      throw fromWire(wire);
    },
  });
}
