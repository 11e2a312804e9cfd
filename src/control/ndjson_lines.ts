import { joined, tooLarge } from "./body.ts";

const NEWLINE = 10;

/** A line of text, or why it is none. */
export type Line = string | { readonly problem: string };

/**
 * The lines of a body that aren't blank, as many at a time as a read brings. Nothing is held but the beginning of
 * one line.
 *
 * @throws {Problem} 413 when a line has more than `lineBytes`
 */
export async function* readLines(body: AsyncIterable<Uint8Array>, lineBytes: number): AsyncGenerator<Line[]> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const chunk of body) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      const block = joined([...held, chunk.subarray(0, end)], heldBytes + end);
      held = [];
      heldBytes = 0;
      yield linesOf(block, lineBytes);
    }
    if (end === chunk.length) continue;
    held.push(chunk.slice(end));
    heldBytes += chunk.length - end;
    if (heldBytes > lineBytes) throw tooLarge("a line", lineBytes);
  }
  if (heldBytes > 0) yield linesOf(joined(held, heldBytes), lineBytes);
}

function linesOf(block: Uint8Array, lineBytes: number): Line[] {
  try {
    const lines = new TextDecoder("utf-8", { fatal: true }).decode(block).split("\n").filter(isFilled);
    if (block.length > lineBytes) checkLengths(block, lineBytes);
    return lines;
  } catch (error) {
    if (error instanceof TypeError) return singly(block, lineBytes);
    throw error;
  }
}

/** Line by line, to find the ones that are not UTF-8. */
function singly(block: Uint8Array, lineBytes: number): Line[] {
  checkLengths(block, lineBytes);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const lines: Line[] = [];
  for (const bytes of split(block)) {
    try {
      const line = decoder.decode(bytes);
      if (isFilled(line)) lines.push(line);
    } catch {
      lines.push({ problem: "not UTF-8" });
    }
  }
  return lines;
}

function checkLengths(block: Uint8Array, lineBytes: number): void {
  for (const bytes of split(block)) if (bytes.length > lineBytes) throw tooLarge("a line", lineBytes);
}

function* split(block: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < block.length;) {
    const found = block.indexOf(NEWLINE, start);
    const end = found < 0 ? block.length : found;
    yield block.subarray(start, end);
    start = end + 1;
  }
}

function isFilled(line: string): boolean {
  return line.length > 0 && line.trim().length > 0;
}
