/**
 * Dead letters for a person.
 *
 * @module
 */

import type { DeadLetterPage, DeadLetterReport } from "../headquarters/mod.ts";
import { painter, type TableColumn, tableLines } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** Wide enough for everything, where nobody says how wide the output is. */
const UNKNOWN_COLUMNS = 160;

/** Longest key, and longest error, that are shown whole. */
const TEXT_UNITS = 60;

const COLUMNS: readonly TableColumn<DeadLetterReport>[] = [
  { head: "id", cell: ({ id }) => String(id), rank: 0 },
  { head: "when", cell: ({ at }) => new Date(at).toISOString(), left: true, rank: 4 },
  { head: "key", cell: ({ key }) => short(key), left: true, rank: 1 },
  { head: "reason", cell: ({ reason }) => reason, left: true, rank: 3 },
  { head: "attempts", cell: ({ attempts }) => String(attempts), rank: 5 },
  { head: "error", cell: ({ error }) => short(error), left: true, rank: 2 },
];

/** A line for each, and one that says how many there are. */
export function deadLetterTable({ deadLetters, total }: DeadLetterPage, terminal: Terminal): string {
  const count = `${total} dead ${total === 1 ? "letter" : "letters"}`;
  if (deadLetters.length === 0) return count;
  const room = {
    columns: terminal.screen?.columns ?? UNKNOWN_COLUMNS,
    paint: painter(terminal.colour.output),
  };
  const foot = deadLetters.length < total ? `${deadLetters.length} of ${count}` : count;
  return [...tableLines(deadLetters, COLUMNS, room), foot].join("\n");
}

/** In one line, without what a terminal would obey: keys and errors come from anywhere. */
function short(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is meant
  const plain = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
  return plain.length <= TEXT_UNITS ? plain : `${plain.slice(0, TEXT_UNITS - 1)}…`;
}
