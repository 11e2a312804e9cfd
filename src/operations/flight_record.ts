/**
 * The flight record: what the last minutes were like, kept in memory and written when the factory fails.
 *
 * @module
 */

import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, ErrorWire } from "../core/mod.ts";
import { FLIGHT_EVENTS, FLIGHT_INSPECTIONS, FLIGHT_RECORDS } from "../core/limits.ts";
import type { Inspection } from "./inspection.ts";
import type { LogEvent } from "./log.ts";

/** What a record is about. */
export interface Flight {
  /** The blueprint's name. */
  readonly name: string;
  /** Version of Shopfloor. */
  readonly version: string;
  /** Name and version of the runtime. */
  readonly runtime: string;
}

/** Records inspections and events; forgets the oldest. */
export class FlightRecorder {
  readonly #flight: Flight;
  readonly #clock: Pick<Clock, "now">;
  readonly #inspections: Inspection[] = [];
  readonly #events: (LogEvent & { at: number })[] = [];

  constructor(flight: Flight, clock: Pick<Clock, "now">) {
    this.#flight = flight;
    this.#clock = clock;
  }

  /** Keeps an inspection. */
  inspect(inspection: Inspection): void {
    this.#inspections.push(inspection);
    if (this.#inspections.length > FLIGHT_INSPECTIONS) this.#inspections.shift();
  }

  /** Keeps an event. */
  tell(event: LogEvent): void {
    this.#events.push({ at: this.#clock.now(), ...event });
    if (this.#events.length > FLIGHT_EVENTS) this.#events.shift();
  }

  /**
   * Writes what is kept into `directory`, made if missing; resolves to the file. It is there as a whole or not at
   * all, and only the latest few are kept. Items, states and settings are not in it.
   */
  async write(directory: string, error: ErrorWire): Promise<string> {
    const at = this.#clock.now();
    const record = { ...this.#flight, at, error, inspections: this.#inspections, events: this.#events };
    await mkdir(directory, { recursive: true });
    const file = join(directory, `flight-${new Date(at).toISOString().replaceAll(/[:.]/g, "-")}.json`);
    await writeFile(`${file}.part`, JSON.stringify(record));
    await rename(`${file}.part`, file);
    await removeOld(directory);
    return file;
  }
}

/** The names say when they were written, so that the oldest come first. */
async function removeOld(directory: string): Promise<void> {
  const records = (await readdir(directory)).filter((name) => /^flight-[\dTZ-]+\.json$/.test(name)).sort();
  for (const name of records.slice(0, -FLIGHT_RECORDS)) await rm(join(directory, name), { force: true });
}
