/**
 * What the codec costs for each item: `deno run -A bench/batch/codec_bench.ts`, `bun run bench/batch/codec_bench.ts`.
 *
 * Items as a fleet of sensors sends them, parsed from JSON as a source would, so that their strings are what strings
 * are in life; batches as a line has them. Each line of the output is the median and the best of many rounds, in
 * nanoseconds an item. `JSON` and `structuredClone` do the same without a schema, for comparison.
 *
 * @module
 */

import assert from "node:assert/strict";
import { measure } from "mitata";
import { z } from "zod";
import { compileCodec } from "../../src/batch/mod.ts";
import { BATCH_BYTES, BATCH_ROWS } from "../../src/core/limits.ts";

const ITEMS = 10_000;
const TYPES = [
  "temperature",
  "humidity",
  "co2",
  "door",
  "pressure",
  "motion",
  "light",
  "power",
  "voltage",
  "noise",
];

const codec = compileCodec(
  z.object({ device: z.string(), type: z.string(), at: z.number(), value: z.number() }),
  { what: "material" },
);

const writer = codec.writer();
const reader = codec.reader();
const out: unknown[] = new Array(BATCH_ROWS + 1);

interface Reading {
  device: string;
  type: string;
  at: number;
  value: number;
}

async function benchmark(devices: number): Promise<void> {
  const readings = readingsOf(devices);
  const batches: ArrayBuffer[] = [];
  encode(readings, (batch) => void batches.push(batch));
  const keys = check(batches, readings);
  console.log(
    `${devices} devices, ${batches.length} batches of ${Math.round(batches[0].byteLength / 1024)} KB`,
  );
  await report("encode", () => encode(readings, (batch) => batch));
  await report("decode", () => decode(batches));
  await report("decode, key first", () => decodeWithKey(batches));
  await report("decode, key known", () => decodeKnown(batches, keys));
  await report("JSON", () => JSON.parse(JSON.stringify(readings)));
  await report("structuredClone", () => structuredClone(readings));
}

/** As a buyer does it. What `seal` answers is used again for the next batch. */
function encode(readings: readonly Reading[], seal: (batch: ArrayBuffer) => ArrayBuffer | undefined): void {
  let spare: ArrayBuffer | undefined;
  for (let i = 0; i < ITEMS; i++) {
    const reading = readings[i];
    writer.append(reading, reading.device, i);
    if (writer.rows >= BATCH_ROWS || writer.bytes >= BATCH_BYTES) spare = seal(writer.seal(spare));
  }
  seal(writer.seal(spare));
}

/** As a sink does it that wants objects. */
function decode(batches: readonly ArrayBuffer[]): void {
  for (const batch of batches) {
    reader.load(batch);
    for (let row = 0; row < reader.rows; row++) out[row] = reader.item(row);
  }
}

/** As a director does it for keys that it doesn't know. */
function decodeWithKey(batches: readonly ArrayBuffer[]): void {
  for (const batch of batches) {
    reader.load(batch);
    for (let row = 0; row < reader.rows; row++) {
      out[row] = reader.key(row);
      out[row] = reader.item(row);
    }
  }
}

/** As a director does it for keys that are on its roster. */
function decodeKnown(batches: readonly ArrayBuffer[], keys: readonly string[]): void {
  let i = 0;
  for (const batch of batches) {
    reader.load(batch);
    for (let row = 0; row < reader.rows; row++) {
      if (!reader.keyIs(row, keys[i++])) throw new Error("another key");
      out[row] = reader.item(row);
    }
  }
}

/** What is measured must also be right. Answers the keys. */
function check(batches: readonly ArrayBuffer[], readings: readonly Reading[]): string[] {
  const items: unknown[] = [];
  const keys: string[] = [];
  for (const batch of batches) {
    reader.load(batch);
    for (let row = 0; row < reader.rows; row++) {
      keys.push(reader.key(row));
      items.push(reader.item(row));
    }
  }
  assert.deepEqual(items, readings);
  assert.deepEqual(keys, readings.map(({ device }) => device));
  return keys;
}

function readingsOf(devices: number): Reading[] {
  const readings = Array.from({ length: ITEMS }, (_, i): Reading => ({
    device: `sensor-${1_000 + (Math.imul(i, 7_919) >>> 0) % devices}`,
    type: TYPES[(i * 7) % TYPES.length],
    at: 1_700_000_000_000 + i,
    value: 20 + Math.sin(i),
  }));
  return readings.map((reading) => JSON.parse(JSON.stringify(reading)));
}

async function report(name: string, run: () => unknown): Promise<void> {
  const { p50, min } = await measure(run);
  const perItem = (ns: number) => (ns / ITEMS).toFixed(1).padStart(7);
  console.log(`  ${name.padEnd(20)}${perItem(p50)} ${perItem(min)}`);
}

for (const devices of [100, 5_000, 1_000_000]) await benchmark(devices);
