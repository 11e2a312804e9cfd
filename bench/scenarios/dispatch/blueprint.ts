/**
 * The dispatch as a blueprint. Settings: `raw` and `compute` (URLs of the services), `book` (the order book), `inFlight`,
 * `devices` (10,000). How many turns a workshop runs at once is no setting of a blueprint: it comes by the environment.
 *
 * @module
 */

import process from "node:process";
import { z } from "zod";
import { type Blueprint, defineBlueprint, generator, keyed, service, sqlite } from "../../../mod.ts";
import { type Computed, type RawData, rowOf } from "./business.ts";
import { OrderBook } from "./order_book.ts";

/** Turns at once in one workshop. */
export const TURNS_VARIABLE = "DISPATCH_TURNS";

/** Devices in one yield. */
const CHUNK = 64;

const urls = (setting: unknown): string[] => setting as string[];

export default defineBlueprint({
  name: "dispatch",
  material: z.object({ id: z.int(), device: z.string() }),
  key: ({ device }) => device,
  products: { result: z.object({ bid: z.int(), sensor: z.int(), val: z.number(), ms: z.number() }) },
  services: ({ raw, compute }) => ({
    data: service({ protocol: "json", endpoints: urls(raw) }),
    compute: service({ protocol: "json", endpoints: urls(compute) }),
  }),
  workshop: keyed({
    turn: { concurrency: Number(process.env[TURNS_VARIABLE] ?? 100), retries: { attempts: 1_000 } },
    hire: () => null,
    async work(_worker, { id }, ship, { call, settings }) {
      const startedAt = performance.now();
      const raw = await call<RawData>("data", "raw", { id }, { idempotent: true });
      const computed = await call<Computed>("compute", "compute", raw, { idempotent: true });
      ship("result", rowOf(computed, startedAt));
      new OrderBook(settings.book as SharedArrayBuffer).finish();
    },
  }),
  source: ({ book, devices = 10_000, inFlight = 0 }) => {
    const orders = new OrderBook(book as SharedArrayBuffer);
    return generator(async function* ids() {
      for (let ids; (ids = await orders.take(CHUNK, Number(inFlight)));) {
        yield ids.map((id) => ({ id, device: `device-${id % Number(devices)}` }));
      }
    });
  },
  sinks: sqlite({ table: "result" }),
}) as Blueprint;
