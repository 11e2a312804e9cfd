import type { BatchWriter } from "../../src/batch/mod.ts";
import { ItemError } from "../../src/core/mod.ts";

/** Bytes of every row of a {@link FakeWriter}. */
export const ROW_BYTES = 100;

/** A writer that makes JSON of its rows, and refuses `undefined`. */
export class FakeWriter implements BatchWriter {
  readonly spares: (ArrayBuffer | undefined)[] = [];
  #items: unknown[] = [];

  get rows(): number {
    return this.#items.length;
  }

  get bytes(): number {
    return this.#items.length * ROW_BYTES;
  }

  append(item: unknown): void {
    if (item === undefined) throw new ItemError("fake: undefined");
    this.#items.push(item);
  }

  truncate(rows: number): void {
    this.#items.length = rows;
  }

  seal(spare?: ArrayBuffer): ArrayBuffer {
    this.spares.push(spare);
    const { buffer } = new TextEncoder().encode(JSON.stringify(this.#items));
    this.#items = [];
    return buffer as ArrayBuffer;
  }
}

/** What such a writer sealed. */
export function unsealed(buffer: ArrayBuffer): unknown[] {
  return JSON.parse(new TextDecoder().decode(buffer));
}
