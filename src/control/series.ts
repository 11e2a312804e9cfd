/**
 * Shopfloor's metrics: what the factory says of itself, as series of Prometheus.
 *
 * Invariant: the number of series is bounded by the blueprint and the limits; no key, path or message is a label.
 *
 * @module
 */

import type { FactoryStatus } from "../headquarters/mod.ts";
import type { ProductFigures } from "../metrics/mod.ts";
import { type Accounts, ALARM_KINDS, type Inspection, type Totals } from "../operations/mod.ts";
import { counter, gauge, histogram, type Sample, type Series } from "./metric.ts";
import { seriesOfServiceCounts, seriesOfServices } from "./service_series.ts";

/** Metric, field, help. */
const TOTALS: readonly (readonly [string, keyof Totals, string])[] = [
  ["materials_total", "materials", "Items admitted."],
  ["materials_rejected_total", "rejected", "Items that did not fit the blueprint's schema."],
  ["turn_retries_total", "retries", "Turns that were tried again."],
  ["hires_total", "hired", "Workers hired."],
];

/** Reasons that are there from the beginning: a rate needs the zero before the first one. */
const DEAD_LETTER_REASONS = ["error", "timeout", "hire"];
const DISMISSAL_REASONS = ["idle", "age", "evicted", "asked", "closing"];

/** Epochs. */
export function seriesOfStatus({ epoch }: Pick<FactoryStatus, "epoch">): Series[] {
  return [
    gauge("epoch_current", "Number of the epoch that items are admitted to.", [{ value: epoch.current }]),
    gauge("epoch_committed", "Number of the last committed epoch.", [{ value: epoch.committed }]),
  ];
}

/** What has been counted since the factory opened, and how long it took. */
export function seriesOfAccounts(accounts: Accounts): Series[] {
  const { totals, deadLetters, dismissed, restarts, workshops, deliveries, epochs, services } = accounts;
  return [
    ...TOTALS.map(([name, field, help]) => counter(name, help, [{ value: totals[field] }])),
    counter(
      "dead_letters_total",
      "Items, timers and dismissals given up after their last attempt.",
      byReason(deadLetters, DEAD_LETTER_REASONS),
    ),
    counter("dismissals_total", "Workers dismissed.", byReason(dismissed, DISMISSAL_REASONS)),
    counter(
      "restarts_total",
      "Departments started anew.",
      Object.entries(restarts).map(([department, value]) => ({ labels: { department }, value })),
    ),
    histogram(
      "turn_duration_seconds",
      "Turns of workers (synchronous ones: a sample).",
      workshops.map(({ workshop, turns }) => ({ labels: { workshop }, value: turns })),
    ),
    histogram(
      "material_latency_seconds",
      "From bought to shipped.",
      workshops.map(({ workshop, latency }) => ({ labels: { workshop }, value: latency })),
    ),
    histogram("delivery_duration_seconds", "Deliveries to sinks, their retries included.", [
      { value: deliveries },
    ]),
    histogram("epoch_duration_seconds", "Epochs from their first barrier at transport to their commit.", [
      { value: epochs },
    ]),
    ...seriesOfServiceCounts(services),
  ];
}

/** The warehouse, by product type. */
export function seriesOfProducts(products: readonly ProductFigures[]): Series[] {
  const each = (value: (product: ProductFigures) => number): Sample[] =>
    products.map((product) => ({ labels: { product: product.type }, value: value(product) }));
  return [
    counter("products_total", "Products handed to their sink.", each(({ delivered }) => delivered)),
    gauge("warehouse_items", "Products waiting for delivery.", each(({ waiting }) => waiting)),
    gauge(
      "warehouse_oldest_seconds",
      "Age of the oldest product that waits for delivery.",
      each(({ oldestMs }) => oldestMs / 1_000),
    ),
    counter(
      "delivery_errors_total",
      "Deliveries that a sink refused.",
      each(({ deliveryErrors }) => deliveryErrors),
    ),
  ];
}

/** Lines, workshops and alarms. */
export function seriesOfInspection(inspection: Inspection): Series[] {
  return [
    ...seriesOfWorkshops(inspection.workshops),
    ...seriesOfLines(inspection.lines),
    ...seriesOfClasses(inspection.classes),
    ...seriesOfServices(inspection.services),
    seriesOfAlarms(inspection.alarms),
  ];
}

function seriesOfWorkshops(workshops: Inspection["workshops"]): Series[] {
  const each = (value: (workshop: Inspection["workshops"][number]) => number): Sample[] =>
    workshops.map((workshop) => ({ labels: { workshop: workshop.id }, value: value(workshop) }));
  return [
    gauge("workers", "Live workers.", each(({ workers }) => workers)),
    gauge("workshop_busy_ratio", "Share of the last second at work.", each(({ busy }) => busy)),
  ];
}

function seriesOfLines(lines: Inspection["lines"]): Series[] {
  const each = (value: (line: Inspection["lines"][number]) => number): Sample[] =>
    lines.map((line) => ({ labels: { workshop: line.workshop }, value: value(line) }));
  return [
    gauge("line_batches", "Batches on the line.", each(({ batches }) => batches)),
    gauge("line_items", "Items on the line.", each(({ items }) => items)),
    gauge("line_oldest_seconds", "Age of the line's oldest batch.", each(({ oldestMs }) => oldestMs / 1_000)),
    gauge(
      "line_back_pressure_ratio",
      "Share of the last second that procurement waited for the line.",
      each(({ blocked }) => blocked),
    ),
  ];
}

function seriesOfClasses(classes: Inspection["classes"]): Series[] {
  if (classes === undefined) return [];
  const each = (value: (report: NonNullable<Inspection["classes"]>[number]) => number): Sample[] =>
    classes.map((report) => ({ labels: { class: report.name }, value: value(report) }));
  return [
    counter("class_materials_total", "Items of the class that were admitted.", each((of) => of.materials)),
    gauge("class_workshops", "Workshops that serve the class.", each((of) => of.workshops.length)),
    gauge("class_waiting_items", "Items that wait for the class's workers.", each((of) => of.waiting)),
    gauge("class_in_flight", "Asynchronous turns of the class's workshops.", each((of) => of.inFlight)),
    gauge(
      "class_backlog_bytes",
      "Bytes that wait for room in the class's lines.",
      each((of) => of.backlogBytes),
    ),
    gauge(
      "class_latency_p99_seconds",
      "From bought to shipped, over the last second.",
      each((of) => of.latencyMs.p99 / 1_000),
    ),
  ];
}

function seriesOfAlarms(alarms: Inspection["alarms"]): Series {
  return gauge(
    "alarms",
    "Alarms that stand.",
    ALARM_KINDS.map((kind) => ({
      labels: { kind },
      value: alarms.filter((alarm) => alarm.kind === kind).length,
    })),
  );
}

function byReason(counts: Readonly<Record<string, number>>, reasons: readonly string[]): Sample[] {
  const all = { ...Object.fromEntries(reasons.map((reason) => [reason, 0])), ...counts };
  return Object.entries(all).map(([reason, value]) => ({ labels: { reason }, value }));
}
