/**
 * What a run came to, for people.
 *
 * @module
 */

import type { Summary } from "../headquarters/mod.ts";
import { hundredths, whole } from "./numbers.ts";

/** Troubles told one by one on the terminal; the number of the others follows. */
const TOLD = 5;

/** The summary as an aligned table. */
export function summaryTable(summary: Summary): string {
  const types = Object.entries(summary.products);
  const rows: [string, string][] = [
    ["materials", whole(summary.materials)],
    ["rejected", whole(summary.rejected)],
    ["products", whole(types.reduce((sum, [, count]) => sum + count, 0))],
    ...types.map(([type, count]): [string, string] => [`  ${type}`, whole(count)]),
    ["dead-lettered", whole(summary.deadLettered)],
    ["workers hired", whole(summary.hired)],
    ["workers dismissed", whole(summary.dismissed)],
    ["epochs committed", whole(summary.epochs)],
    ["seconds", hundredths(summary.seconds)],
    ["items per second", whole(summary.itemsPerSecond)],
  ];
  const left = Math.max(...rows.map(([name]) => name.length));
  const right = Math.max(...rows.map(([, number]) => number.length));
  return [
    summary.name,
    ...rows.map(([name, number]) => `  ${name.padEnd(left)}  ${number.padStart(right)}`),
  ].join("\n");
}

/** The first rejected items, one line each, and how many more there were. */
export function rejectionLines({ rejections, rejected }: Summary): string[] {
  return firstOf("rejected", rejected, rejections.map(({ place, reason }) => `${place}: ${reason}`));
}

/** The first items that could not be processed, one line each, and how many more there were. */
export function deadLetterLines({ deadLetters, deadLettered }: Summary): string[] {
  return firstOf(
    "dead-lettered",
    deadLettered,
    deadLetters.map(({ key, reason, error }) => `key ${key}: ${reason}: ${error}`),
  );
}

function firstOf(what: string, total: number, descriptions: readonly string[]): string[] {
  const told = descriptions.slice(0, TOLD);
  const more = total - told.length;
  const lines = told.map((description) => `${what}: ${description}`);
  if (more > 0) lines.push(lines.length > 0 ? `and ${whole(more)} more` : `${what}: ${whole(more)}`);
  return lines;
}
