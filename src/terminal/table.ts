/**
 * Tables that fit: when there is no room for all columns, those that matter least are left out.
 *
 * @module
 */

/** A column of a table. */
export interface TableColumn<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
  /** Texts stand left, numbers right. */
  readonly left?: boolean;
  /** The smallest is the last to be left out. */
  readonly rank: number;
  /** What a cell means: colours it. */
  readonly tone?: (row: Row) => Tone | undefined;
}

/** What a text means. */
export type Tone = "good" | "warn" | "bad" | "faint" | "strong";

/** Gives a text its colour, if there are any. */
export type Paint = (text: string, tone: Tone | undefined) => string;

const CODES: Readonly<Record<Tone, number>> = { good: 32, warn: 33, bad: 31, faint: 2, strong: 1 };

/** Colours, or none. */
export function painter(colour: boolean): Paint {
  return (text, tone) => colour && tone ? `\u001b[${CODES[tone]}m${text}\u001b[0m` : text;
}

const GAP = "  ";

/** What a table is laid out for. */
export interface TableRoom {
  readonly columns: number;
  readonly paint: Paint;
}

/** The table's lines, its head first; no line is longer than there are columns. */
export function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  { columns: room, paint }: TableRoom,
): string[] {
  const laidOut = columns.map((column) => {
    const cells = rows.map(column.cell);
    return { ...column, cells, width: Math.max(column.head.length, ...cells.map((cell) => cell.length)) };
  });
  const kept = fitting(laidOut, room);
  const line = (
    text: (column: typeof kept[number]) => string,
    tone: (column: typeof kept[number]) => Tone | undefined,
  ) =>
    kept.map((column) => {
      const { left, width } = column;
      const cut = text(column).slice(0, room);
      return paint(left ? cut.padEnd(Math.min(width, room)) : cut.padStart(width), tone(column));
    }).join(GAP);
  return [
    line(({ head }) => head, () => "faint"),
    ...rows.map((row, index) => line(({ cells }) => cells[index], ({ tone }) => tone?.(row))),
  ];
}

/** The columns that fit side by side, in their order; at least the one that matters most. */
function fitting<Column extends { width: number; rank: number }>(
  columns: readonly Column[],
  room: number,
): Column[] {
  const kept = columns.toSorted((a, b) => a.rank - b.rank);
  while (kept.length > 1 && sum(kept.map(({ width }) => width)) + GAP.length * (kept.length - 1) > room) {
    kept.pop();
  }
  return columns.filter((column) => kept.includes(column));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
