/**
 * How a command ends a factory that it was told to end.
 *
 * @module
 */

import { ClosedError } from "../core/mod.ts";
import type { Factory } from "../headquarters/mod.ts";
import type { EndSignal } from "./signals.ts";

/** What a person reads after pressing Ctrl-C. */
export function drainNotice(signal: EndSignal): string {
  return `shopfloor: ${signal}: finishing what was bought (again to end at once)`;
}

/** Drains a factory, unless somebody else (the control server) has drained or closed it already. */
export async function drainOnce(factory: Pick<Factory, "drain">): Promise<void> {
  try {
    await factory.drain();
  } catch (error) {
    if (!(error instanceof ClosedError)) throw error;
  }
}
