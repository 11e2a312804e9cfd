/**
 * The dispatcher: manages porter, warehouse and driver. Transport is one Web Worker.
 *
 * @module
 */

import { compileCodec, type ItemCodec } from "../batch/mod.ts";
import type { Blueprint, WorkshopDefinition } from "../blueprint/mod.ts";
import { type Clock, ClosedError, type ErrorWire, type Settings, StoreError, toWire } from "../core/mod.ts";
import { SLOTS, WAREHOUSE_BYTES } from "../core/limits.ts";
import type { Port } from "../line/mod.ts";
import { Histogram, type TransportFigures } from "../metrics/mod.ts";
import { assignSinks, discard, type Sink } from "../sinks/mod.ts";
import { openStore, type Store } from "../store/mod.ts";
import { Driver, type LetterReport, type Route } from "./driver.ts";
import { Gate } from "./gate.ts";
import { Porter } from "./porter.ts";
import { Tap } from "./tap.ts";
import { Van } from "./van.ts";
import { type Load, Warehouse } from "./warehouse.ts";

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
      products: codecsOf(blueprint),
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
    await this.#open?.close();
    this.#open = undefined;
    this.#store?.close();
    this.#store = undefined;
  }

  #depot(): Depot {
    if (this.#open) return this.#open;
    throw new ClosedError("transport: not open");
  }
}

/** Open transport: its staff, and what passes between them. */
class Depot {
  readonly #options: {
    config: TransportConfig;
    store: Store | undefined;
    clock: Clock;
    report: (event: TransportEvent) => void;
  };
  readonly #codecs: ReadonlyMap<string, ItemCodec>;
  readonly #warehouse: Warehouse;
  readonly #porter: Porter;
  readonly #driver: Driver;
  readonly #routes: Route[];
  readonly #sinks: Map<Sink, { van: Van; types: string[] }> = new Map();
  readonly #taps = new Set<Tap>();
  readonly #deliveries = new Histogram();
  readonly #epochs = new Histogram();
  readonly #closing = new AbortController();
  #driving: Promise<void> | undefined;

  constructor(blueprint: Blueprint, { config, conveyors, committed, report, store, clock }: {
    config: TransportConfig;
    conveyors: readonly Port[];
    committed: number;
    report: (event: TransportEvent) => void;
    store: Store | undefined;
    clock: Clock;
  }) {
    this.#options = { config, store, clock, report };
    this.#codecs = codecsOf(blueprint);
    const types = [...this.#codecs.keys()];
    const sinks = assignSinks(blueprint.sinks?.(config.settings) ?? discard(), types);
    this.#routes = types.map((type) => ({
      type,
      van: this.#van(sinks.get(type)!, type),
      reader: this.#codecs.get(type)!.reader(),
      delivered: 0,
      lastDeliveryAt: null,
    }));
    this.#warehouse = new Warehouse(types.length + 2); // and dead letters, and workers' states
    const gate = new Gate(conveyors.length);
    this.#driver = new Driver({
      warehouse: this.#warehouse,
      gate,
      routes: this.#routes,
      store,
      clock,
      committed,
      epochs: this.#epochs,
      onDelivered: (load) => this.#porter.recycle(load),
      onCommitted: (epoch) => report({ kind: "committed", epoch }),
    });
    this.#porter = new Porter({
      conveyors,
      // A flush sends a batch of each type: it takes credit for that many at once.
      batches: config.lineBatches + 2 * types.length,
      warehouse: this.#warehouse,
      onLoad: (load) => this.#loaded(load),
      onBarrier: (workshop, barrier) => {
        gate.arrive(workshop, barrier, clock.now());
        this.#driver.leave();
      },
    });
  }

  async open(): Promise<void> {
    const { config, store, clock, report } = this.#options;
    for (const { van, types } of this.#sinks.values()) {
      const products = new Map(types.map((type) => [type, this.#codecs.get(type)!]));
      await van.open({ settings: config.settings, products, store, signal: this.#closing.signal, clock });
    }
    this.#driving = this.#driver.run();
    this.#driving.catch((error) => {
      if (!this.#closing.signal.aborted) report({ kind: "failed", error: toWire(error) });
    });
  }

  figures(): TransportFigures {
    const now = this.#options.clock.now();
    return {
      products: this.#routes.map(({ type, van, delivered, lastDeliveryAt }, index) => {
        const { items, bytes, oldestAt } = this.#warehouse.shelf(index);
        return {
          type,
          waiting: items,
          waitingBytes: bytes,
          oldestMs: items === 0 ? 0 : now - oldestAt,
          delivered,
          lastDeliveryAt,
          sink: van.name,
          sinkState: van.state,
          sinkError: van.error,
          deliveryErrors: van.errors,
        };
      }),
      items: this.#warehouse.items,
      bytes: this.#warehouse.bytes,
      capacityBytes: WAREHOUSE_BYTES,
      deadLetters: this.#driver.deadLetters,
      busyMs: this.#driver.busyMs,
      committedEpoch: this.#driver.committed,
      deliveries: this.#deliveries.snapshot(),
      epochs: this.#epochs.snapshot(),
    };
  }

  letters(): LetterReport[] {
    return this.#driver.firstLetters;
  }

  tap(type: string, key: string | undefined, port: Port): void {
    const onClose = (tap: Tap) => {
      this.#taps.delete(tap);
      tap.close();
    };
    this.#taps.add(new Tap({ type, key, port, onClose }));
  }

  async close(): Promise<void> {
    this.#closing.abort(new ClosedError("transport: the factory is closing"));
    this.#porter.close();
    this.#driver.close();
    await this.#driving?.catch(() => {}); // headquarters has been told
    for (const tap of this.#taps) tap.close();
    for (const { van } of this.#sinks.values()) await van.close();
  }

  #loaded(load: Load): void {
    if (this.#taps.size > 0 && load.type < this.#routes.length) {
      const { type, reader } = this.#routes[load.type];
      for (const tap of this.#taps) if (tap.type === type) tap.offer(load, reader);
    }
    this.#driver.loaded(load);
  }

  /** One van for each sink, however many types go to it. */
  #van(sink: Sink, type: string): Van {
    const { clock } = this.#options;
    let entry = this.#sinks.get(sink);
    if (entry === undefined) {
      const van = new Van({ sink, clock, signal: this.#closing.signal, durations: this.#deliveries });
      this.#sinks.set(sink, entry = { van, types: [] });
    }
    entry.types.push(type);
    return entry.van;
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

function codecsOf(blueprint: Blueprint): Map<string, ItemCodec> {
  return new Map(
    Object.entries(blueprint.products).map(([type, schema]) => [
      type,
      compileCodec(schema, { what: `product ${type}` }),
    ]),
  );
}
