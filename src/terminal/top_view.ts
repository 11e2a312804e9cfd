/**
 * A factory at one glance, as lines of text: what `top` shows.
 *
 * @module
 */

import { printable } from "../core/mod.ts";
import type { FactoryStatus } from "../headquarters/mod.ts";
import type { Inspection } from "../operations/mod.ts";
import { bytes, duration, whole } from "./numbers.ts";
import { LINES, PRODUCTS, SERVICES, WORKSHOPS } from "./top_columns.ts";
import { type Paint, painter, type TableColumn, tableLines, type Tone } from "./table.ts";

/** What is shown. */
export interface TopScene {
  readonly status: FactoryStatus;
  readonly inspection: Inspection;
  /** A word on the connection, if it is gone. */
  readonly notice?: string;
}

/** How much room there is. */
export interface TopRoom {
  readonly columns: number;
  /** Undefined: as many as it takes. */
  readonly rows?: number;
  readonly colour: boolean;
}

/** The lines, no more and none longer than there is room for. */
export function topView(scene: TopScene, { columns, rows = Infinity, colour }: TopRoom): string[] {
  const paint = painter(colour);
  const { inspection, notice } = scene;
  const head = [
    ...headLines(scene),
    [inspection.advice, inspection.bottleneck === null ? "faint" : "strong"] as const,
    ...inspection.alarms.map(({ kind, message }) => [`ALARM ${kind}: ${message}`, "bad"] as const),
    ...notice === undefined ? [] : [[notice, "warn"] as const],
  ].map(([text, tone]) => paint(fit(printable(text), columns), tone));
  const tables = [
    section(inspection.lines, LINES),
    section(inspection.workshops, WORKSHOPS),
    ...inspection.services ? [section(inspection.services, SERVICES)] : [],
    section(inspection.warehouse.products, PRODUCTS),
  ];
  const room = rows - head.length;
  const shown = fitRows(tables.map(({ rows }) => rows), room);
  const drawn = tables.map((table, index) => table.lines(shown[index], { columns, paint }));
  const gaps = drawn.flat().length + drawn.length <= room; // better a line of figures than a blank one
  return [...head, ...drawn.flatMap((lines) => gaps ? ["", ...lines] : lines)].slice(0, rows);
}

type HeadLine = readonly [text: string, tone: Tone | undefined];

function headLines({ status, inspection }: TopScene): HeadLine[] {
  const { name, state, runtime, uptimeMs, workshops } = status;
  const { latencyMs, epoch, totals } = inspection;
  const troubles = [
    [totals.rejected, "rejected"],
    [totals.deadLetters, "dead-lettered"],
    [totals.retries, "retries"],
  ] as const;
  return [
    [
      [
        `${name} is ${state}`,
        `up ${duration(uptimeMs)}`,
        `${workshops} workshops`,
        `${whole(inspection.workers)} workers`,
        bytes(inspection.memoryBytes),
        runtime,
      ].join("  "),
      state === "failed" ? "bad" : state === "open" ? "good" : "warn",
    ],
    [
      [
        `${whole(inspection.itemsPerSecond)} items/s`,
        `${whole(inspection.productsPerSecond)} products/s`,
        `latency ${duration(latencyMs.p50)}, p99 ${duration(latencyMs.p99)}`,
        `epoch ${epoch.current}, committed ${epoch.committed}`,
      ].join("  "),
      undefined,
    ],
    [
      [
        `${whole(totals.materials)} items`,
        `${whole(totals.products)} products`,
        ...troubles.filter(([count]) => count > 0).map(([count, what]) => `${whole(count)} ${what}`),
        `source ${inspection.procurement.source} is ${inspection.procurement.state}`,
      ].join("  "),
      "faint",
    ],
  ];
}

interface Section {
  readonly rows: number;
  /** The head and so many rows; of those left out, only how many they are. */
  lines(rows: number, room: { columns: number; paint: Paint }): string[];
}

function section<Row>(all: readonly Row[], columns: readonly TableColumn<Row>[]): Section {
  return {
    rows: all.length,
    lines(rows, { columns: room, paint }) {
      const table = tableLines(all.slice(0, rows), columns, { columns: room, paint });
      return rows < all.length
        ? [...table, paint(fit(`and ${all.length - rows} more`, room), "faint")]
        : table;
    },
  };
}

/** How many rows of each table fit into `room` lines, with their heads: the longest are cut first. */
function fitRows(tables: readonly number[], room: number): number[] {
  const rows = [...tables];
  const height = () =>
    rows.reduce((sum, shown, index) => sum + 1 + shown + (shown < tables[index] ? 1 : 0), 0);
  // Two rows take as much room as one and how many are left out.
  const longest = () => Math.max(...rows.filter((shown, index) => tables[index] > 2 && shown > 1), 0);
  while (height() > room && longest() > 0) {
    const most = longest();
    rows[rows.findIndex((shown, index) => shown === most && tables[index] > 2)]--;
  }
  return rows;
}

function fit(text: string, columns: number): string {
  return text.length > columns ? `${text.slice(0, columns - 1)}…` : text;
}
