/**
 * The dispatch as a factory: several Web Workers with coroutines.
 *
 * @module
 */

import { join } from "node:path";
import process from "node:process";
import { type Factory, type FactoryOptions, openFactory } from "../../../mod.ts";
import { sleepSeconds } from "../measure.ts";
import { TURNS_VARIABLE } from "./blueprint.ts";
import { OrderBook } from "./order_book.ts";
import type { DispatchOptions, DispatchRun } from "./run.ts";
import { measured } from "./window.ts";

/** Longest wait for the first business. */
const PATIENCE_MS = 30_000;

/** A factory that does what the book gives out. */
export function openDispatch(
  { raw, compute, folder, inFlight, threads, book }: Omit<DispatchOptions, "warm" | "seconds"> & {
    book: OrderBook;
  },
  options: FactoryOptions = {},
): Promise<Factory> {
  process.env[TURNS_VARIABLE] = String(Math.ceil(inFlight / threads));
  return openFactory(new URL("./blueprint.ts", import.meta.url), {
    workshops: threads,
    data: folder,
    settings: { raw, compute, inFlight, book: book.shared },
    ...options,
  });
}

/** Waits for the first business that is done. @throws {Error} when there is none in time */
async function begun(book: OrderBook): Promise<void> {
  for (const endsAt = performance.now() + PATIENCE_MS; book.done === 0;) {
    if (performance.now() > endsAt) throw new Error(`no business was done within ${PATIENCE_MS} ms`);
    await sleepSeconds(0.01);
  }
}

/** Where a factory has its rows. */
export function databaseOf(folder: string): string {
  return join(folder, "shopfloor.db");
}

/** Runs the dispatch with one workshop for each thread. */
export async function factoryRun(
  options: DispatchOptions,
  factoryOptions: FactoryOptions,
): Promise<DispatchRun> {
  const book = new OrderBook();
  const factory = await openDispatch({ ...options, book }, factoryOptions);
  await begun(book);
  const window = await measured(options);
  book.close();
  const { products } = await factory.finished;
  await factory.close();
  return { ...window, database: databaseOf(options.folder), done: products.result };
}
