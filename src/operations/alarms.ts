/**
 * From signs of trouble to alarms that don't flap.
 *
 * @module
 */

import { ALARM_CLEAR_MS, ALARM_RAISE_MS } from "../core/limits.ts";
import type { Alarm } from "./alarm.ts";
import type { Symptom } from "./symptoms.ts";

interface Case {
  readonly alarm: Alarm;
  /** On the monotonic clock. */
  readonly beganAt: number;
  seenAt: number;
  raised: boolean;
}

/**
 * Raises an alarm when its signs have been acute for as long as its kind asks, and clears it when there have been
 * none for {@link ALARM_CLEAR_MS}.
 */
export class Alarms {
  readonly #cases = new Map<string, Case>();

  /** Takes the signs of one inspection; returns the alarms that stand, the longest first. */
  judge(symptoms: readonly Symptom[], { at, now }: { at: number; now: number }): Alarm[] {
    const graded = new Map(symptoms.map((symptom) => [idOf(symptom), symptom]));
    for (const [id, known] of this.#cases) {
      const grade = graded.get(id)?.grade;
      const over = now - known.seenAt >= ALARM_CLEAR_MS;
      // What was never raised begins anew when it pauses: an alarm is for what lasts.
      const paused = !known.raised && (grade === undefined || grade === "mild");
      if (paused || over && grade !== "acute" && grade !== "mild") this.#cases.delete(id);
    }
    for (const [id, symptom] of graded) this.#take(id, symptom, { at, now });
    return [...this.#cases.values()].filter(({ raised }) => raised).map(({ alarm }) => ({ ...alarm }))
      .sort((a, b) => a.since - b.since);
  }

  #take(
    id: string,
    { kind, subject, message, grade }: Symptom,
    { at, now }: { at: number; now: number },
  ): void {
    if (grade === "unknown") return;
    let known = this.#cases.get(id);
    if (known === undefined) {
      if (grade === "mild") return;
      known = { alarm: { kind, subject, since: at, message }, beganAt: now, seenAt: now, raised: false };
      this.#cases.set(id, known);
    }
    known.seenAt = now;
    known.alarm.message = message;
    known.raised ||= now - known.beganAt >= ALARM_RAISE_MS[kind];
  }
}

function idOf({ kind, subject }: Symptom): string {
  return `${kind} ${subject}`;
}
