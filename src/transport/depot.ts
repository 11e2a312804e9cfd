/**
 * Open transport: its staff, and what passes between them.
 *
 * @module
 */

import type { ItemCodec } from "../batch/mod.ts";
import { type Blueprint, productCodecs } from "../blueprint/mod.ts";
import { type Clock, ClosedError, toWire } from "../core/mod.ts";
import { WAREHOUSE_BYTES } from "../core/limits.ts";
import type { Port } from "../line/mod.ts";
import { Histogram, type TransportFigures } from "../metrics/mod.ts";
import { assignSinks, discard, type Sink } from "../sinks/mod.ts";
import type { Store } from "../store/mod.ts";
import type { TransportConfig, TransportEvent } from "./dispatcher.ts";
import { Driver, type LetterReport, type Route } from "./driver.ts";
import { Gate } from "./gate.ts";
import { Porter } from "./porter.ts";
import { Tap } from "./tap.ts";
import { Van } from "./van.ts";
import { type Load, Warehouse } from "./warehouse.ts";

/** Puts the staff to work, and sends it home. */
export class Depot {
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
    this.#codecs = productCodecs(blueprint);
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
    const closings = await Promise.allSettled([...this.#sinks.values()].map(({ van }) => van.close()));
    for (const closing of closings) if (closing.status === "rejected") throw closing.reason;
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
