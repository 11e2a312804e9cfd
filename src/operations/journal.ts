/**
 * What has happened between one inspection and the next, as events for the log.
 *
 * @module
 */

import { JOURNAL_REPEAT_MS } from "../core/limits.ts";
import type { Alarm } from "./alarm.ts";
import type { WorkshopReport } from "./floor_report.ts";
import type { Inspection } from "./inspection.ts";
import type { LogEvent } from "./log.ts";

/** An alarm that was raised or cleared. */
export interface AlarmChange {
  readonly change: "raised" | "cleared";
  readonly alarm: Alarm;
}

/** The alarms that were raised since `before`, and those that were cleared. */
export function alarmChanges(before: readonly Alarm[], now: readonly Alarm[]): AlarmChange[] {
  const id = ({ kind, subject }: Alarm) => `${kind} ${subject}`;
  const [standing, stood] = [new Set(now.map(id)), new Set(before.map(id))];
  return [
    ...now.filter((alarm) => !stood.has(id(alarm))).map((alarm) => ({ change: "raised" as const, alarm })),
    ...before.filter((alarm) => !standing.has(id(alarm))).map((alarm) => ({
      change: "cleared" as const,
      alarm,
    })),
  ];
}

/** Compares each inspection with the one before. */
export class Journal {
  #before: Inspection | undefined;
  /** When counts of trouble were last told, and what they were then. */
  readonly #told = new Map<string, { at: number; count: number }>();

  /** The events since the last inspection. */
  read(now: Inspection): LogEvent[] {
    const before = this.#before;
    this.#before = now;
    if (before === undefined) return alarmChanges([], now.alarms).map((change) => alarmEvent(change, now.at));
    return [
      ...alarmChanges(before.alarms, now.alarms).map((change) => alarmEvent(change, now.at)),
      ...staffEvents(before.workshops, now.workshops),
      ...procurementEvents(before.procurement, now.procurement),
      ...sinkEvents(before.warehouse.products, now.warehouse.products),
      ...commitEvents(before.epoch.committed, now.epoch.committed),
      ...this.#counted("dead-lettered", now, { count: now.totals.deadLetters, what: "items were given up" }),
      ...this.#counted("rejected", now, { count: now.totals.rejected, what: "items were rejected" }),
    ];
  }

  /** Counts are told when they begin to grow, and from then on once a minute at most. */
  #counted(event: string, { at }: Inspection, { count, what }: { count: number; what: string }): LogEvent[] {
    const told = this.#told.get(event) ?? { at: -Infinity, count: 0 };
    const items = count - told.count;
    if (items <= 0 || at - told.at < JOURNAL_REPEAT_MS) return [];
    this.#told.set(event, { at, count });
    return [{ level: "warn", event, message: `${items} ${what}`, fields: { items, total: count } }];
  }
}

function alarmEvent({ change, alarm }: AlarmChange, at: number): LogEvent {
  const { kind, subject, since, message } = alarm;
  const fields = { kind, subject, since, lastedMs: at - since };
  return change === "raised"
    ? { level: "warn", event: "alarm-raised", message, fields }
    : { level: "info", event: "alarm-cleared", message: `over: ${message}`, fields };
}

function staffEvents(before: readonly WorkshopReport[], now: readonly WorkshopReport[]): LogEvent[] {
  const events: LogEvent[] = [];
  if (before.length !== now.length) {
    const fields = { from: before.length, to: now.length };
    const message = `the factory has ${now.length} workshops instead of ${before.length}`;
    events.push({ level: "info", event: "scaled", message, fields });
  }
  for (const { id, restarts } of now) {
    if (restarts <= (before.find((workshop) => workshop.id === id)?.restarts ?? restarts)) continue;
    const department = `workshop ${id}`;
    const fields = { department, restarts };
    events.push({
      level: "warn",
      event: "restarted",
      message: `another is in the place of ${department}`,
      fields,
    });
  }
  return events;
}

type Procurement = Inspection["procurement"];

function procurementEvents(before: Procurement, now: Procurement): LogEvent[] {
  const events: LogEvent[] = [];
  if (before.state !== now.state) {
    const message = `procurement is ${now.state}, it was ${before.state}`;
    const fields = { from: before.state, to: now.state, source: now.source };
    events.push({ level: "info", event: "procurement", message, fields });
  }
  if (before.ratePerSecond !== now.ratePerSecond) {
    const pace = now.ratePerSecond === null ? "none" : `${now.ratePerSecond} items/s`;
    const fields = { from: before.ratePerSecond, to: now.ratePerSecond };
    events.push({ level: "info", event: "pace", message: `the pace is ${pace}`, fields });
  }
  return events;
}

type Products = Inspection["warehouse"]["products"];

function sinkEvents(before: Products, now: Products): LogEvent[] {
  return now.flatMap(({ type, sink, sinkState, sinkError }): LogEvent[] => {
    const was = before.find((product) => product.type === type)?.sinkState;
    if (was === undefined || was === sinkState) return [];
    const level = sinkState === "retrying" || sinkState === "failed" ? "warn" : "info";
    const reason = sinkError === null ? "" : `: ${sinkError}`;
    const message = `sink ${sink} of ${type} is ${sinkState}, it was ${was}${reason}`;
    return [{ level, event: "sink", message, fields: { product: type, sink, from: was, to: sinkState } }];
  });
}

function commitEvents(before: number, now: number): LogEvent[] {
  if (now <= before) return [];
  const epochs = now - before === 1 ? `epoch ${now} is` : `epochs ${before + 1} to ${now} are`;
  const fields = { epoch: now, epochs: now - before };
  return [{ level: "debug", event: "committed", message: `${epochs} committed`, fields }];
}
