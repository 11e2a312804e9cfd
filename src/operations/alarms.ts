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
    const seen = new Set(symptoms.map((symptom) => this.#take(symptom, { at, now })));
    for (const [id, { raised, seenAt }] of this.#cases) {
      if (seen.has(id)) continue;
      // What was never raised begins anew: an alarm is for what lasts.
      if (!raised || now - seenAt >= ALARM_CLEAR_MS) this.#cases.delete(id);
    }
    return [...this.#cases.values()].filter(({ raised }) => raised).map(({ alarm }) => ({ ...alarm }))
      .sort((a, b) => a.since - b.since);
  }

  #take({ kind, subject, message, acute }: Symptom, { at, now }: { at: number; now: number }): string {
    const id = `${kind} ${subject}`;
    const known = this.#cases.get(id);
    if (known === undefined) {
      if (acute) {
        const raised = ALARM_RAISE_MS[kind] === 0;
        this.#cases.set(id, {
          alarm: { kind, subject, since: at, message },
          beganAt: now,
          seenAt: now,
          raised,
        });
      }
    } else if (!acute && !known.raised) {
      this.#cases.delete(id);
    } else {
      known.seenAt = now;
      known.alarm.message = message;
      known.raised ||= now - known.beganAt >= ALARM_RAISE_MS[kind];
    }
    return id;
  }
}
