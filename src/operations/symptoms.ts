/**
 * What an inspection shows of trouble, before anybody is alarmed.
 *
 * @module
 */

import { printable } from "../core/mod.ts";
import type { Alarm } from "./alarm.ts";
import type { LineReport, WorkshopReport } from "./floor_report.ts";
import type { Inspection } from "./inspection.ts";
import type { ServiceReport } from "./service_report.ts";
import type { Answering } from "./watch.ts";

/**
 * How bad a sign is. `acute` raises an alarm in time. `mild` only keeps one standing: between the two limits nothing
 * changes, so that nothing flaps. `unknown`: this second has nothing to say, trouble neither lasts nor ends with it.
 */
export type Grade = "acute" | "mild" | "unknown";

/** A sign of trouble. */
export interface Symptom extends Omit<Alarm, "since"> {
  readonly grade: Grade;
}

/** A report before its alarms are known. */
export type Report = Omit<Inspection, "alarms" | "staffing">;

/** An alarm for latency stands until it falls below this share of the limit. */
const LATENCY_MENDED = 0.8;

/** Share of a workshop's items from which a key is hot, and below which it no longer is. */
const HOT = 0.5;
const COOLED = 0.4;

/** A workshop that is less busy than this and holds nobody up has room for any key. */
const LOADED = 0.1;

/** What is needed beside a report. */
export interface Watched {
  readonly latencyLimitMs: number;
  readonly procurement: Answering;
  readonly transport: Answering;
}

/** Every sign of trouble in a report. */
export function symptomsOf(report: Report, { latencyLimitMs, procurement, transport }: Watched): Symptom[] {
  return [
    ...report.lines.flatMap((line) => stalledLine(line, report)),
    ...report.workshops.flatMap((workshop) => silentWorkshop(workshop, report)),
    ...silentDepartment("procurement", procurement),
    ...silentDepartment("transport", transport),
    ...report.warehouse.products.flatMap(sinkDown),
    ...(report.services ?? []).flatMap(serviceDown),
    ...latency(report, latencyLimitMs),
    ...report.workshops.flatMap((workshop) => hotKey(workshop, report)),
  ];
}

/** A workshop whose belts are full takes from its line what the turns that end make room for: that isn't a stall. */
function stalledLine({ workshop: id, items, oldestMs }: LineReport, { workshops }: Report): Symptom[] {
  const workshop = workshops.find((other) => other.id === id);
  if (items === 0 || workshop === undefined) return [];
  if (workshop.itemsPerSecond > 0 || workshop.turnMs.p50 > 0) return [];
  const message = `workshop ${id} takes nothing from its line: ${items} items wait, the oldest for ${
    seconds(oldestMs)
  }`;
  return [{ kind: "stalled-line", subject: `line ${id}`, grade: "acute", message }];
}

function silentWorkshop({ id, state, slots }: WorkshopReport, { lines }: Report): Symptom[] {
  if (state === "ok") return [];
  // One that has never answered yet is just being opened, unless something waits for it.
  const waiting = lines.find(({ workshop }) => workshop === id)?.items ?? 0;
  if (slots === 0 && waiting === 0) return [];
  const subject = `workshop ${id}`;
  return [{ kind: "silent-workshop", subject, grade: "acute", message: `${subject} ${mute(state)}` }];
}

function silentDepartment(subject: string, answering: Answering): Symptom[] {
  if (answering === "ok") return [];
  return [{ kind: "silent-department", subject, grade: "acute", message: `${subject} ${mute(answering)}` }];
}

function sinkDown(product: Inspection["warehouse"]["products"][number]): Symptom[] {
  const { type, sink, sinkState, sinkError, waiting } = product;
  if (sinkState !== "retrying" && sinkState !== "failed") return [];
  const what = sinkState === "failed" ? "has failed" : "refuses deliveries";
  const message = `sink ${sink} of ${type} ${what}, ${waiting} products wait: ${
    sinkError ?? "it says nothing"
  }`;
  return [{ kind: "sink-down", subject: `sink ${type}`, grade: "acute", message }];
}

function serviceDown({ name, known, stranded, waiting }: ServiceReport): Symptom[] {
  if (stranded.length === 0) return [];
  const whose = `workshop${stranded.length === 1 ? "" : "s"} ${stranded.join(", ")}`;
  const message = known === 0
    ? `service ${name} has no endpoint, ${waiting} calls wait: start one, or see to the registry`
    : `service ${name} can't be called by ${whose}: none of its endpoints is well, ${waiting} calls wait`;
  return [{ kind: "service-down", subject: `service ${name}`, grade: "acute", message }];
}

function latency({ latencyMs: { p99 } }: Report, limitMs: number): Symptom[] {
  const about = { kind: "latency", subject: "factory" } as const;
  if (p99 === 0) return [{ ...about, grade: "unknown", message: "" }]; // nothing was shipped
  if (p99 < limitMs * LATENCY_MENDED) return [];
  const message = `from bought to shipped takes ${seconds(p99)} (p99), the limit is ${seconds(limitMs)}`;
  return [{ ...about, grade: p99 > limitMs ? "acute" : "mild", message }];
}

function hotKey({ id, hotKey, itemsPerSecond, busy, belted }: WorkshopReport, { lines }: Report): Symptom[] {
  if (hotKey === null || itemsPerSecond === 0 || hotKey.share < COOLED) return [];
  const { key, share } = hotKey;
  const line = lines.find(({ workshop }) => workshop === id);
  const loaded = busy >= LOADED || belted > 0 || line !== undefined && line.backPressure !== "ok";
  const message = `key ${shown(key)} has ${Math.round(share * 100)} % of workshop ${id}'s items: ` +
    "no other workshop can take them over, spread them over more keys";
  return [{
    kind: "hot-key",
    subject: `key ${shown(key)}`,
    grade: loaded && share > HOT ? "acute" : "mild",
    message,
  }];
}

function mute(state: "silent" | "failed"): string {
  return state === "failed" ? "answers with an error" : "does not answer";
}

/** `12.3 s`. */
function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** Characters of a key in a message: enough to find it. */
const KEY_SHOWN = 80;

/** A key as a person may read it: keys come from outside. */
function shown(key: string): string {
  return printable(key, KEY_SHOWN);
}
