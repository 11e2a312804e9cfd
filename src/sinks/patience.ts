/**
 * The options that every sink takes.
 *
 * @module
 */

import { OptionsError } from "../core/mod.ts";
import type { SinkPatience } from "./sink.ts";

/** Just `timeoutMs` and `patienceMs` of a sink's options. @throws {OptionsError} when they are no numbers above 0 */
export function patienceOf(options: SinkPatience, sink: string): SinkPatience {
  const { timeoutMs, patienceMs } = options;
  for (const [option, value] of Object.entries({ timeoutMs, patienceMs })) {
    if (value === undefined || (typeof value === "number" && value > 0)) continue;
    throw new OptionsError(
      `${sink}: ${option} must be a number of milliseconds above 0, found ${String(value)}`,
      {
        fields: { option },
      },
    );
  }
  return { timeoutMs, patienceMs };
}
