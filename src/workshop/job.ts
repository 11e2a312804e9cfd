/**
 * What a worker has to do in one turn.
 *
 * @module
 */

import type { DismissReason } from "../blueprint/mod.ts";

/** An item, a timer that rang, or the good-bye. Made only for what can't be done at once. */
export interface Job {
  readonly kind: "material" | "timer" | "dismiss";
  /** The item; undefined for the others. */
  readonly material: unknown;
  /** The timer's name or the reason of dismissal; empty for items. */
  readonly name: string;
  /** When it was bought, ms since 1970. */
  readonly at: number;
  /** Bytes that it takes up, about. */
  readonly bytes: number;
  /** The epoch in which it came, where somebody keeps {@link Unfinished} jobs. */
  epoch: number;
  /** Turns that have failed so far. */
  failures: number;
  /** Its asynchronous turn is under way. */
  running: boolean;
  /** The worker's state before that turn. */
  before: unknown;
}

/** Makes a job of an item. */
export function materialJob(material: unknown, at: number, bytes: number): Job {
  return {
    kind: "material",
    material,
    name: "",
    at,
    bytes,
    epoch: 0,
    failures: 0,
    running: false,
    before: undefined,
  };
}

/** Makes a job of a timer that rang. */
export function timerJob(name: string, at: number): Job {
  return {
    kind: "timer",
    material: undefined,
    name,
    at,
    bytes: 0,
    epoch: 0,
    failures: 0,
    running: false,
    before: undefined,
  };
}

/** Makes a job of a dismissal. */
export function dismissJob(reason: DismissReason, at: number): Job {
  return {
    kind: "dismiss",
    material: undefined,
    name: reason,
    at,
    bytes: 0,
    epoch: 0,
    failures: 0,
    running: false,
    before: undefined,
  };
}
