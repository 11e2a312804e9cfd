/**
 * Alarms: what somebody who runs the factory has to be told.
 *
 * @module
 */

/**
 * What is wrong:
 * - `stalled-line`: items wait in a line, and its workshop takes none and ends no turn;
 * - `silent-workshop`: a workshop doesn't answer, or answers with an error;
 * - `silent-department`: the same of procurement or transport;
 * - `sink-down`: a sink refuses what is delivered;
 * - `service-down`: a workshop has calls for a service and finds none of its endpoints well;
 * - `latency`: the 99th percentile from bought to shipped is over the limit;
 * - `hot-key`: one key has more than half of a loaded workshop's items; no other workshop can take them over.
 */
export type AlarmKind =
  | "stalled-line"
  | "silent-workshop"
  | "silent-department"
  | "sink-down"
  | "service-down"
  | "latency"
  | "hot-key";

/** Every kind. */
export const ALARM_KINDS: readonly AlarmKind[] = [
  "stalled-line",
  "silent-workshop",
  "silent-department",
  "sink-down",
  "service-down",
  "latency",
  "hot-key",
];

/** An alarm that stands. */
export interface Alarm {
  /** What is wrong. */
  kind: AlarmKind;
  /** What it is about: `workshop 2`, `line 2`, `sink average`, `service scales`, `transport`, `factory`, `key sensor-7`. */
  subject: string;
  /** When it began, ms since 1970: before it was raised, by as long as it was only watched. */
  since: number;
  /** What is wrong, in words, as of the latest inspection. */
  message: string;
}
