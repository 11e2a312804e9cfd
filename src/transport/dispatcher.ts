/**
 * The dispatcher: manages porter, warehouse and driver. Transport is one Web Worker.
 *
 * @module
 */

import { type Blueprint, productCodecs, type WorkshopDefinition } from "../blueprint/mod.ts";
import { type Clock, ClosedError, type ErrorWire, type Settings, StoreError } from "../core/mod.ts";
import { SLOTS } from "../core/limits.ts";
import type { Port } from "../line/mod.ts";
import type { TransportFigures } from "../metrics/mod.ts";
import { openStore, type Store } from "../store/mod.ts";
import { Depot } from "./depot.ts";
import type { LetterReport } from "./driver.ts";

/** What transport is opened with: plain data. */
export interface TransportConfig {
  readonly settings: Settings;
  readonly data: string | undefined;
  readonly durability: "exactly-once" | "none";
  readonly lineBatches: number;
}

/** What transport tells headquarters. */
export type TransportEvent =
  | { readonly kind: "committed"; readonly epoch: number }
  | { readonly kind: "failed"; readonly error: ErrorWire };

/** Where the run before ended. */
export interface Resumption {
  committed: number;
  offsets: Record<string, unknown>;
}

/** The department's control interface. */
export class TransportDepartment {
  readonly #clock: Clock;
  #open: Depot | undefined;
  #store: Store | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Opens the store, if there is a data directory, and says where to go on. @throws {StoreError} */
  prepare(blueprint: Blueprint, config: TransportConfig): Resumption {
    if (config.data === undefined) return { committed: 0, offsets: {} };
    this.#store = openStore({
      directory: config.data,
      name: blueprint.name,
      products: productCodecs(blueprint),
      slots: SLOTS,
      durability: config.durability,
    });
    checkStates(this.#store, blueprint.workshop);
    const { epoch, offsets } = this.#store.committed();
    return { committed: epoch, offsets: config.durability === "none" ? {} : offsets };
  }

  /** Opens the sinks and takes its place at the conveyors. @throws {SinkError} @throws {BlueprintError} */
  async open(blueprint: Blueprint, { config, conveyors, committed, report }: {
    config: TransportConfig;
    conveyors: readonly Port[];
    committed: number;
    report: (event: TransportEvent) => void;
  }): Promise<void> {
    const depot = new Depot(blueprint, {
      config,
      conveyors,
      committed,
      report,
      store: this.#store,
      clock: this.#clock,
    });
    this.#open = depot;
    await depot.open();
  }

  figures(): TransportFigures {
    return this.#depot().figures();
  }

  /** The first dead letters of this run. */
  letters(): LetterReport[] {
    return this.#depot().letters();
  }

  /** Streams products of one type into `port` until its other end says that it is enough. */
  tap(type: string, key: string | undefined, port: Port): void {
    this.#depot().tap(type, key, port);
  }

  async close(): Promise<void> {
    try {
      await this.#open?.close();
    } finally {
      this.#open = undefined;
      this.#store?.close();
      this.#store = undefined;
    }
  }

  #depot(): Depot {
    if (this.#open) return this.#open;
    throw new ClosedError("transport: not open");
  }
}

/** States of another version can only be opened by a blueprint that knows how to bring them up. */
function checkStates(store: Store, { version = 1, migrate }: WorkshopDefinition): void {
  if (migrate) return;
  const found = store.otherStateVersion(version);
  if (found === undefined) return;
  store.close();
  throw new StoreError(
    `store: ${store.directory} has worker states of version ${found}, the blueprint's are of version ${version}; ` +
      "give the workshop a migrate(old, version), or use another data directory",
    { code: "STORE_STATE_VERSION", fields: { directory: store.directory, found, wanted: version } },
  );
}
