/**
 * What limits the factory, and what to do about it.
 *
 * Back-pressure runs from the sinks to the source, so whoever is full holds up everybody before. The rules
 * therefore look from the end of the factory to its beginning: the last place at which somebody waits for somebody
 * is the bottleneck.
 *
 * @module
 */

import { BLOCKED } from "./back_pressure.ts";
import type { LineReport, WorkshopReport } from "./floor_report.ts";
import type { Inspection } from "./inspection.ts";
import { calls, isQueue, mostCalled, serviceAdvice } from "./service_advice.ts";
import type { ServiceReport } from "./service_report.ts";
import { sum } from "./totals.ts";
import type { Answering } from "./watch.ts";
import { count, duration, percent, plural } from "./words.ts";

/** A report before the bottleneck is known. */
export type Survey = Omit<Inspection, "bottleneck" | "advice" | "staffing" | "alarms">;

/** What the rules need to know and the report does not say. */
export interface Surroundings {
  readonly procurement: Answering;
  readonly transport: Answering;
  /** The largest share of the last second that a workshop waited for transport's credit. */
  readonly conveyorsBlocked: number;
  /** The services that a workshop calls, as this workshop sees them. */
  readonly servicesOf: (workshop: number) => readonly ServiceReport[];
}

/** The bottleneck and the advice, as the report has them. */
export type Finding = Pick<Inspection, "bottleneck" | "advice">;

/** Busy enough to be the limit: what's left of the second goes to timers, messages and garbage collection. */
const BUSY = 0.9;

/** Workshops less busy than this, beside a busy one, have no share in its load. */
const IDLE = 0.5;

/** From here on the warehouse counts as full: the next batches may not fit. */
const FULL = 0.9;

/** A pace counts as reached from this share of it: a second's edge cuts through bursts. */
const REACHED = 0.95;

/** Finds what limits the throughput. */
export function findBottleneck(survey: Survey, surroundings: Surroundings): Finding {
  return silentDepartment(surroundings) ??
    silentWorkshop(survey) ??
    failingSink(survey, surroundings) ??
    queueingService(survey, surroundings) ??
    pace(survey) ??
    blockedConveyors(survey, surroundings) ??
    blockedLines(survey, surroundings) ??
    busyProcurement(survey) ??
    source(survey);
}

function silentDepartment({ procurement, transport }: Surroundings): Finding | undefined {
  for (const [bottleneck, answering] of Object.entries({ transport, procurement })) {
    if (answering !== "ok") {
      return { bottleneck, advice: `${bottleneck} ${mute(answering)}: what is reported of it is old` };
    }
  }
}

/** A workshop that doesn't answer limits nothing until something waits for it. */
function silentWorkshop({ workshops, lines }: Survey): Finding | undefined {
  for (const { id, state } of workshops) {
    const waiting = lines.find(({ workshop }) => workshop === id)?.items ?? 0;
    if (state === "ok" || waiting === 0) continue;
    const bottleneck = `workshop ${id}`;
    const items = plural(waiting, "item waits", "items wait");
    return {
      bottleneck,
      advice: `${bottleneck} ${mute(state)} and ${items} in its line: does \`work\` loop?`,
    };
  }
}

function failingSink(survey: Survey, surroundings: Surroundings): Finding | undefined {
  if (!heldUp(survey, surroundings)) return;
  const failing = survey.warehouse.products.find(({ sinkState }) =>
    sinkState === "retrying" || sinkState === "failed"
  );
  if (!failing) return;
  const { type, sink, sinkState, sinkError, waiting } = failing;
  const failed = sinkState === "failed";
  const error = sinkError ? ` (${sinkError})` : "";
  const products = plural(waiting, "product waits", "products wait");
  return {
    bottleneck: `sink ${type}`,
    advice: `sink ${type} ${failed ? "has failed" : "is retrying"}${error} and ${products}: see to ${sink}` +
      (failed ? "" : ", the factory goes on by itself"),
  };
}

/**
 * Before the pace: items that wait for a service may all find room on belts, so that the source isn't held up for
 * long. A workshop that is busy itself may be why its calls wait.
 */
function queueingService(survey: Survey, surroundings: Surroundings): Finding | undefined {
  const called = (survey.services ?? []).filter(({ waiting }) => waiting > 0);
  if (called.length === 0 || heldUp(survey, surroundings)) return;
  const idle = survey.workshops.filter(({ busy, state }) => state === "ok" && busy < BUSY);
  const queues = idle.flatMap(({ id }) => surroundings.servicesOf(id)).filter(isQueue);
  const queueing = mostCalled(
    called.filter(({ name, stranded }) => stranded.length > 0 || queues.some((queue) => queue.name === name)),
  );
  if (queueing) return { bottleneck: `service ${queueing.name}`, advice: serviceAdvice(queueing) };
}

function pace({ boughtPerSecond, procurement }: Survey): Finding | undefined {
  const { ratePerSecond } = procurement;
  if (ratePerSecond === null || boughtPerSecond === 0) return;
  // At a slow pace one item more or less is all the difference.
  if (boughtPerSecond < Math.min(ratePerSecond * REACHED, ratePerSecond - 1)) return;
  return { bottleneck: "source", advice: `the pace of ${count(ratePerSecond)} items/s is the limit` };
}

function blockedConveyors(survey: Survey, surroundings: Surroundings): Finding | undefined {
  if (!heldUp(survey, surroundings)) return;
  const { transport, warehouse } = survey;
  if (transport.busy >= BUSY) {
    const advice = `transport is busy ${percent(transport.busy)}: ship fewer or smaller products`;
    return { bottleneck: "transport", advice };
  }
  const fullest = warehouse.products.toSorted((a, b) => b.waitingBytes - a.waitingBytes)[0];
  if (fullest?.waiting > 0) {
    const { type, sink, waiting } = fullest;
    const products = plural(waiting, "product waits", "products wait");
    const advice = `${products} for sink ${type}: make ${sink} faster or ship less`;
    return { bottleneck: `sink ${type}`, advice };
  }
  const waited = `workshops wait for transport ${percent(surroundings.conveyorsBlocked)} of the time`;
  return { bottleneck: "transport", advice: `${waited} though it isn't busy: allow more batches in flight` };
}

/** Procurement waits for one line at a time, so that only all of its waits together say how much it waits. */
function blockedLines(
  { lines, workshops, services }: Survey,
  { servicesOf }: Surroundings,
): Finding | undefined {
  const waiting = sum(lines.map(({ blocked }) => blocked));
  if (waiting <= BLOCKED) return;
  const line = lines.toSorted((a, b) => b.blocked - a.blocked)[0];
  const workshop = workshops.find(({ id }) => id === line.workshop);
  if (!workshop) return;
  const service = workshop.busy < BUSY ? mostCalled(servicesOf(workshop.id)) : undefined;
  // Calls are of turns: when they are most of those under way, the service is what the workshop waits for.
  if (service && calls(service) * 2 >= workshop.inFlight) {
    return calledService(workshop, {
      service,
      everywhere: services?.find(({ name }) => name === service.name),
    });
  }
  return { bottleneck: `workshop ${workshop.id}`, advice: workshopAdvice(workshop, { line, workshops }) };
}

/** Its limit is reached, or the workshop's own is. */
function calledService(
  { id, inFlight }: WorkshopReport,
  { service, everywhere = service }: { service: ServiceReport; everywhere: ServiceReport | undefined },
): Finding {
  if (service.waiting > 0) {
    return { bottleneck: `service ${service.name}`, advice: serviceAdvice(everywhere) };
  }
  const answers = service.rttMs.p50 === 0 ? "" : `, which answers in ${duration(service.rttMs.p50)}`;
  return {
    bottleneck: `workshop ${id}`,
    advice: `workshop ${id} has ${plural(inFlight, "turn", "turns")} in flight and ` +
      `${plural(service.inFlight, "call", "calls")} to service ${service.name}${answers}: ` +
      "raise turn.concurrency or make the service faster",
  };
}

function workshopAdvice(
  { id, busy, inFlight }: WorkshopReport,
  { line, workshops }: { line: LineReport; workshops: readonly WorkshopReport[] },
): string {
  if (busy >= BUSY) {
    const others = workshops.filter((other) => other.id !== id);
    if (others.length > 0 && others.every((other) => other.busy < IDLE)) {
      return `workshop ${id} is busy ${percent(busy)} while the others idle: ` +
        "a few hot keys have most of the items, spread them over more keys";
    }
    return `workshop ${id} is busy ${percent(busy)}: add workshops or make \`work\` faster`;
  }
  if (inFlight > 0) {
    return `workshop ${id} has ${plural(inFlight, "turn", "turns")} in flight: ` +
      "raise turn.concurrency or make the services it waits for faster";
  }
  return `procurement waits for workshop ${id} ${percent(line.blocked)} of the time though it is busy only ` +
    `${percent(busy)}: allow more batches in flight`;
}

function busyProcurement({ procurement }: Survey): Finding | undefined {
  if (procurement.busy < BUSY) return;
  const advice = `procurement is busy ${percent(procurement.busy)}: make the schema or \`key\` cheaper`;
  return { bottleneck: "procurement", advice };
}

/** Nobody waits for anybody: the source gives too little, or nothing flows. */
function source({ boughtPerSecond, itemsPerSecond, procurement }: Survey): Finding {
  const { state, source } = procurement;
  if (state !== "buying") {
    return { bottleneck: null, advice: `nothing is bought: procurement's state is ${state}` };
  }
  if (boughtPerSecond === 0 && itemsPerSecond === 0) {
    return { bottleneck: null, advice: `nothing flows: ${source} gives nothing` };
  }
  return {
    bottleneck: "source",
    advice: `${source} is slower than the factory: nothing waits for anything else`,
  };
}

/** Whether the workshops can't get rid of their products. */
function heldUp({ warehouse }: Survey, { conveyorsBlocked }: Surroundings): boolean {
  const { bytes, capacityBytes } = warehouse;
  return conveyorsBlocked > BLOCKED || capacityBytes > 0 && bytes >= capacityBytes * FULL;
}

function mute(answering: Answering): string {
  return answering === "failed" ? "answers with an error" : "does not answer";
}
