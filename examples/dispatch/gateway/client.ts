/**
 * Whoever wants the devices served: sends them in chunks through the gateway, and is done when each has its row.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import type { Business } from "../devices.ts";
import type { Results } from "./results.ts";

/** What a client works with. */
export interface ClientOptions {
  /** The gateway's. */
  readonly url: string;
  readonly results: Results;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Is told of every chunk that has to be sent again, and why. */
  readonly onRepeat?: (reason: string) => void;
}

/** Devices in a request, and requests at a time. */
const CHUNK = 50;
const IN_FLIGHT = 16;

/** How long a request may take, and how long a chunk is tried. */
const REQUEST_MS = 15_000;
const CHUNK_MS = 120_000;

/** The wait behind the first failure doubles up to the longest; by chance it is up to half as long. */
const BACK_OFF = { firstMs: 50, longestMs: 2_000 };

/** Devices that have no row yet are given so long, from the last row that came, before they are sent again. */
const QUIET_MS = 1_500;
const LOOK_MS = 100;

/** Of a refusal so much is told. */
const SHOWN = 200;

/**
 * Sends every device until it has a row. An answer says that a dispatcher has done with a chunk, and perhaps has given
 * up some of it. So the client believes the table alone, and sends again what isn't there: that does no harm, since a
 * row is written once.
 *
 * @throws when a chunk isn't taken in two minutes, or when nothing more is going to be (a 400, say)
 */
export async function serveAll(businesses: readonly Business[], options: ClientOptions): Promise<void> {
  const run = randomUUID(); // no other run's chunks have the same keys
  let missing = businesses;
  for (let round = 0; missing.length > 0; round++) {
    if (round > 0) options.onRepeat?.(`${missing.length} devices had no row`);
    await sendAll(missing, { ...options, name: `${run}-${round}` });
    missing = await withoutRow(missing, options);
  }
}

/** Sends the devices once, some chunks at a time. */
async function sendAll(
  businesses: readonly Business[],
  { name, ...options }: ClientOptions & { name: string },
): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  let next = 0;
  const lane = async () => {
    while (next < businesses.length) {
      const at = next;
      next += CHUNK;
      const chunk = businesses.slice(at, at + CHUNK);
      await sendChunk(chunk, { ...options, signal, key: `${name}-${at}` });
    }
  };
  const lanes = Array.from({ length: IN_FLIGHT }, lane);
  await Promise.all(lanes).catch(async (error) => {
    failed.abort(error);
    await Promise.allSettled(lanes);
    throw error;
  });
}

/** Sends a chunk until it is answered by 200. The key spares a dispatcher that has had it the second time. */
async function sendChunk(
  chunk: readonly Business[],
  { url, key, signal, onRepeat }: ClientOptions & { key: string },
): Promise<void> {
  const until = Date.now() + CHUNK_MS;
  for (let waitMs = BACK_OFF.firstMs;; waitMs = Math.min(BACK_OFF.longestMs, 2 * waitMs)) {
    const problem = await request(chunk, { url, key, signal });
    if (problem === undefined) return;
    if (Date.now() > until) throw new Error(`chunk ${key} was not taken in ${CHUNK_MS} ms: ${problem}`);
    onRepeat?.(problem);
    await pause(waitMs * (1 - Math.random() / 2), signal);
  }
}

/** One request; resolves to why it has to be made again. @throws when that would be no use */
async function request(
  chunk: readonly Business[],
  { url, key, signal }: { url: string; key: string; signal: AbortSignal },
): Promise<string | undefined> {
  const late = AbortSignal.timeout(REQUEST_MS);
  let status: number, text: string;
  try {
    const response = await fetch(`${url}/dispatch/v1/materials?wait=commit`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(chunk),
      signal: AbortSignal.any([signal, late]),
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    return late.aborted ? `no answer in ${REQUEST_MS} ms` : `no answer: ${(error as Error).message}`;
  }
  if (status === 200 && JSON.parse(text).accepted === chunk.length) return undefined;
  if (status < 500 && status !== 429 && status !== 408) throw new Error(`chunk ${key}: ${status} ${text}`);
  return `answered ${status}: ${text.trim().slice(0, SHOWN)}`;
}

/** The devices that have no row, when all have one or none has come for a while. */
async function withoutRow(
  businesses: readonly Business[],
  { results, signal }: ClientOptions,
): Promise<Business[]> {
  for (let [count, since] = [-1, 0];;) {
    const rows = await results.count();
    if (rows !== count) [count, since] = [rows, Date.now()];
    const there = new Set((await results.all()).map(({ device }) => device));
    const missing = businesses.filter(({ device }) => !there.has(device));
    if (missing.length === 0 || Date.now() - since > QUIET_MS) return missing;
    await pause(LOOK_MS, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
