/**
 * The file that the ndjson scenario reads.
 *
 * @module
 */

import { closeSync, openSync, writeSync } from "node:fs";
import { fleetReadings } from "./fleet_source.ts";

/** Bytes of a line, its newline too. */
export const LINE_BYTES = 160;

const CHUNK = 4_096;

/** Writes `items` readings of `keys` devices, one a line, all lines of {@link LINE_BYTES}. */
export function writeReadings(path: string, { items, keys }: { items: number; keys: number }): void {
  const draw = fleetReadings(keys);
  const file = openSync(path, "w");
  for (let written = 0; written < items; written += CHUNK) {
    const lines = draw(Math.min(CHUNK, items - written)).map((reading) => {
      const bare = JSON.stringify({ ...reading, note: "" });
      return `${bare.slice(0, -2)}${".".repeat(LINE_BYTES - 1 - bare.length)}"}\n`;
    });
    writeSync(file, lines.join(""));
  }
  closeSync(file);
}
