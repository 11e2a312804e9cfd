/**
 * Whether a factory lives and is ready, in words.
 *
 * @module
 */

import { DepartmentError, messageOf } from "../core/mod.ts";
import type { Inspection } from "../operations/mod.ts";
import type { FactoryState } from "./factory.ts";

/** What is known of a factory. */
export interface Signs {
  readonly state: FactoryState;
  readonly failure: Error | undefined;
  /** Departments whose places are being taken by others, and what they died of. */
  readonly replaced: ReadonlyMap<string, Error>;
  readonly inspection: Inspection | undefined;
}

/** Reasons why it is not alive, and why it is not ready: none if all is well. */
export function healthOf(
  { state, failure, replaced, inspection }: Signs,
): { live: string[]; ready: string[] } {
  const live = failure ? [messageOf(failure)] : [];
  const ready = [...live];
  if (state !== "open" && state !== "paused" && state !== "failed") ready.push(`the factory is ${state}`);
  for (const [department, error] of replaced) {
    ready.push(`${department} is being replaced: ${messageOf(error)}`);
  }
  for (const { id, state } of inspection?.workshops ?? []) {
    if (state !== "ok" && !replaced.has(`workshop ${id}`)) ready.push(`workshop ${id} is ${state}`);
  }
  for (const { type, sink, sinkState, sinkError } of inspection?.warehouse.products ?? []) {
    if (sinkState === "retrying" || sinkState === "failed") {
      ready.push(`sink ${sink} of ${type} is ${sinkState}: ${sinkError}`);
    }
  }
  return { live, ready };
}

/** Whether a call failed only because a department is being replaced. */
export function isReplaced(error: unknown): boolean {
  return error instanceof DepartmentError && error.code === "DEPARTMENT_REPLACED";
}
