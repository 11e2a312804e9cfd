/**
 * The columns of `top`'s tables.
 *
 * @module
 */

import { printable } from "../core/mod.ts";
import type { Inspection } from "../operations/mod.ts";
import { duration, percent, rate, whole } from "./numbers.ts";
import type { TableColumn, Tone } from "./table.ts";

type Line = Inspection["lines"][number];
type Workshop = Inspection["workshops"][number];
type Service = NonNullable<Inspection["services"]>[number];
type Product = Inspection["warehouse"]["products"][number];

const PRESSURE: Readonly<Record<Line["backPressure"], Tone>> = { ok: "good", low: "warn", high: "bad" };

/** Eight cells that fill up. */
function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * 8);
  return "█".repeat(full) + "░".repeat(8 - full);
}

function loadTone(share: number): Tone {
  return share >= 0.9 ? "bad" : share >= 0.7 ? "warn" : "good";
}

/** Of the lines from procurement to the workshops. */
export const LINES: readonly TableColumn<Line>[] = [
  { head: "LINE", rank: 0, left: true, cell: ({ workshop }) => `${workshop}` },
  {
    head: "DEPTH",
    rank: 4,
    left: true,
    cell: ({ batches, capacityBatches }) => bar(batches / Math.max(1, capacityBatches)),
    tone: ({ backPressure }) => PRESSURE[backPressure],
  },
  { head: "BATCHES", rank: 2, cell: ({ batches, capacityBatches }) => `${batches}/${capacityBatches}` },
  { head: "ITEMS", rank: 6, cell: ({ items }) => whole(items) },
  { head: "OLDEST", rank: 5, cell: ({ oldestMs }) => duration(oldestMs) },
  {
    head: "PRESSURE",
    rank: 1,
    cell: ({ backPressure }) => backPressure,
    tone: ({ backPressure }) => PRESSURE[backPressure],
  },
  { head: "WAITED FOR", rank: 7, cell: ({ blocked }) => percent(blocked) },
  { head: "ITEMS/S", rank: 3, cell: ({ itemsPerSecond }) => whole(itemsPerSecond) },
];

/** Of the workshops. */
export const WORKSHOPS: readonly TableColumn<Workshop>[] = [
  { head: "WORKSHOP", rank: 0, left: true, cell: ({ id }) => `${id}` },
  { head: "LOAD", rank: 5, left: true, cell: ({ busy }) => bar(busy), tone: ({ busy }) => loadTone(busy) },
  { head: "BUSY", rank: 1, cell: ({ busy }) => percent(busy), tone: ({ busy }) => loadTone(busy) },
  {
    head: "STATE",
    rank: 3,
    left: true,
    cell: ({ state }) => state,
    tone: ({ state }) => state === "ok" ? "good" : "bad",
  },
  { head: "ITEMS/S", rank: 2, cell: ({ itemsPerSecond }) => whole(itemsPerSecond) },
  { head: "WORKERS", rank: 4, cell: ({ workers }) => whole(workers) },
  { head: "TURN P50", rank: 8, cell: ({ turnMs }) => duration(turnMs.p50) },
  { head: "TURN P99", rank: 6, cell: ({ turnMs }) => duration(turnMs.p99) },
  { head: "ON BELTS", rank: 9, cell: ({ belted }) => whole(belted) },
  { head: "IN FLIGHT", rank: 10, cell: ({ inFlight }) => whole(inFlight) },
  {
    head: "RESTARTS",
    rank: 7,
    cell: ({ restarts }) => whole(restarts),
    tone: ({ restarts }) => restarts > 0 ? "warn" : undefined,
  },
];

/** Of the services, if the blueprint names any. */
export const SERVICES: readonly TableColumn<Service>[] = [
  { head: "SERVICE", rank: 0, left: true, cell: ({ name }) => printable(name, 32) },
  {
    head: "ENDPOINTS UP",
    rank: 1,
    cell: ({ states, known }) => `${states.closed}/${known}`,
    tone: ({ states, known }) => states.closed === 0 ? "bad" : states.closed < known ? "warn" : "good",
  },
  { head: "CALLS/S", rank: 2, cell: ({ callsPerSecond }) => rate(callsPerSecond) },
  {
    head: "FAILED/S",
    rank: 5,
    cell: ({ failuresPerSecond }) => rate(failuresPerSecond),
    tone: ({ failuresPerSecond }) => failuresPerSecond > 0 ? "bad" : undefined,
  },
  { head: "RETRIES/S", rank: 8, cell: ({ retriesPerSecond }) => rate(retriesPerSecond) },
  {
    head: "WAITING",
    rank: 3,
    cell: ({ waiting }) => whole(waiting),
    tone: ({ waiting, inFlight }) => waiting > inFlight ? "warn" : undefined,
  },
  { head: "IN FLIGHT", rank: 6, cell: ({ inFlight, limit }) => `${whole(inFlight)}/${whole(limit)}` },
  { head: "P50", rank: 7, cell: ({ rttMs }) => duration(rttMs.p50) },
  { head: "P99", rank: 4, cell: ({ rttMs }) => duration(rttMs.p99) },
];

const SINK: Readonly<Record<Product["sinkState"], Tone>> = {
  opening: "warn",
  ok: "good",
  retrying: "bad",
  failed: "bad",
  closed: "faint",
};

/** Of the warehouse. */
export const PRODUCTS: readonly TableColumn<Product>[] = [
  { head: "PRODUCT", rank: 0, left: true, cell: ({ type }) => printable(type, 32) },
  { head: "SINK", rank: 4, left: true, cell: ({ sink }) => printable(sink, 32) },
  {
    head: "STATE",
    rank: 1,
    left: true,
    cell: ({ sinkState }) => sinkState,
    tone: ({ sinkState }) => SINK[sinkState],
  },
  { head: "WAITING", rank: 2, cell: ({ waiting }) => whole(waiting) },
  { head: "OLDEST", rank: 5, cell: ({ oldestMs }) => duration(oldestMs) },
  { head: "DELIVERED", rank: 3, cell: ({ delivered }) => whole(delivered) },
  {
    head: "ERRORS",
    rank: 6,
    cell: ({ deliveryErrors }) => whole(deliveryErrors),
    tone: ({ deliveryErrors }) => deliveryErrors > 0 ? "warn" : undefined,
  },
];
