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
import { Histogram, type ProductFigures, type TransportFigures } from "../metrics/mod.ts";
import { assignSinks, discard, type Sink } from "../sinks/mod.ts";
import type { Store } from "../store/mod.ts";
import type { TransportConfig, TransportEvent } from "./config.ts";
import { Driver, type LetterReport, type Route } from "./driver.ts";
import { Gate } from "./gate.ts";
import { Porter } from "./porter.ts";
import { RecentLetters } from "./recent_letters.ts";
import { Registrar } from "./registrar.ts";
import type { Retries } from "./retries.ts";
import { Tap } from "./tap.ts";
import { Van } from "./van.ts";
import { type Load, Warehouse } from "./warehouse.ts";

/** Puts the staff to work, and sends it home. */
export class Depot {
  /** Of the dead letters. */
  readonly registrar: Registrar;
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
  readonly #gate: Gate;
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
    const gate = this.#gate = new Gate(conveyors.length);
    const letters = store?.deadLetters ?? new RecentLetters();
    this.#driver = new Driver({
      warehouse: this.#warehouse,
      gate,
      routes: this.#routes,
      store,
      letters,
      clock,
      committed,
      epochs: this.#epochs,
      onDelivered: (load) => this.#porter.recycle(load),
      onCommitted: (epoch, finished) => report({ kind: "committed", epoch, finished }),
      onHandover: config.traces ? (delivery) => report({ kind: "delivered", delivery }) : undefined,
    });
    this.registrar = new Registrar(letters, this.#driver);
    this.#porter = new Porter({
      conveyors,
      // A flush sends a batch of each type: it takes credit for that many at once.
      batches: config.lineBatches + 2 * types.length,
      warehouse: this.#warehouse,
      clock,
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

  /** Others take the places of workshops that are gone. What those sent and isn't committed was never sent. */
  async replace(workshops: readonly number[], conveyors: readonly Port[]): Promise<void> {
    for (const workshop of workshops) this.#porter.dismiss(workshop);
    await this.#driver.takeBack(workshops);
    workshops.forEach((workshop, index) => this.#porter.replace(workshop, conveyors[index]));
  }

  /** There are `workshops` from now on; those that are added have these conveyors. No epoch may be open. */
  resize(workshops: number, conveyors: readonly Port[]): void {
    this.#gate.resize(workshops);
    this.#porter.resize(workshops, conveyors);
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
          ...troubleOf(van, this.#driver.storing),
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
      const van = new Van({
        sink,
        clock,
        signal: this.#closing.signal,
        durations: this.#deliveries,
        onFailure: (error) => this.#options.report({ kind: "failed", error: toWire(error) }),
      });
      this.#sinks.set(sink, entry = { van, types: [] });
    }
    entry.types.push(type);
    return entry.van;
  }
}

/** How it goes with a sink. It waits for the store as well: nothing of an epoch counts before the commit. */
function troubleOf(
  van: Van,
  storing: Retries,
): Pick<ProductFigures, "sinkState" | "sinkError" | "sinkTrouble"> {
  const { state, error, since, attempts } = van.state === "ok" && storing.state === "retrying"
    ? storing
    : van;
  const { outboxBytes } = van;
  return { sinkState: state, sinkError: error, sinkTrouble: { since, attempts, outboxBytes } };
}
