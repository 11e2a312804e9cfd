/**
 * The dispatcher: manages porter, warehouse and driver. Transport is one Web Worker.
 *
 * @module
 */

import { type Blueprint, layoutOf, productCodecs, type WorkshopDefinition } from "../blueprint/mod.ts";
import { type Clock, ClosedError, sleep, StoreError } from "../core/mod.ts";
import { SLOTS, STORE_HANDOVER_LOOK_MS } from "../core/limits.ts";
import type { Port } from "../line/mod.ts";
import type { TransportFigures } from "../metrics/mod.ts";
import {
  type DeadLetterQuery,
  type DeadLetterSelection,
  openStore,
  type Store,
  type StoredDeadLetter,
} from "../store/mod.ts";
import type { TransportConfig, TransportEvent } from "./config.ts";
import { Depot } from "./depot.ts";
import type { LetterReport } from "./driver.ts";
import type { LetterPage } from "./registrar.ts";

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
  readonly #closing = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Opens the store, if there is a data directory, and says where to go on. @throws {StoreError} */
  async prepare(blueprint: Blueprint, config: TransportConfig): Promise<Resumption> {
    const { data, durability, handoverMs = 0 } = config;
    if (data === undefined) return { committed: 0, offsets: {} };
    const open = () =>
      openStore({
        directory: data,
        name: blueprint.name,
        products: productCodecs(blueprint),
        slots: SLOTS,
        placement: layoutOf(blueprint.affinity),
        durability,
      });
    this.#store = await this.#handedOver(open, handoverMs);
    checkStates(this.#store, blueprint.workshop);
    return this.resumption();
  }

  /** Opens the store; again for so long while another transport has it. @throws {StoreError} */
  async #handedOver(open: () => Store, ms: number): Promise<Store> {
    for (const end = this.#clock.monotonic() + ms;;) {
      try {
        return open();
      } catch (error) {
        const held = error instanceof StoreError && error.code === "STORE_LOCKED";
        if (!held || this.#clock.monotonic() >= end) throw error;
      }
      await sleep(this.#clock, STORE_HANDOVER_LOOK_MS, this.#closing.signal);
    }
  }

  /** Where to go on. */
  resumption(): Resumption {
    const { epoch, offsets } = this.#store?.committed() ?? { epoch: 0, offsets: {} };
    return { committed: epoch, offsets };
  }

  /** Answers: somebody asks whether it still does. */
  ping(): void {}

  /**
   * Others take the places of workshops that are gone. What those sent and isn't committed was never sent; resolves
   * to where to go on.
   */
  async replace(workshops: readonly number[], conveyors: readonly Port[]): Promise<Resumption> {
    await this.#depot().replace(workshops, conveyors);
    return this.resumption();
  }

  /** There are `workshops` from now on; those that are added have these conveyors. No epoch may be open. */
  resize(workshops: number, conveyors: readonly Port[]): void {
    this.#depot().resize(workshops, conveyors);
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

  /** A page of the dead letters, the oldest first. */
  deadLetters(query: Omit<DeadLetterQuery, "epoch">): LetterPage {
    return this.#depot().registrar.list(query);
  }

  /** Takes dead letters for a replay: nobody else gets them until they are released, or their replay is committed. */
  takeLetters(selection: Omit<DeadLetterSelection, "epoch">): StoredDeadLetter[] {
    return this.#depot().registrar.take(selection);
  }

  /** The replay of these dead letters came to nothing. */
  releaseLetters(ids: readonly number[]): void {
    this.#depot().registrar.release(ids);
  }

  /** Forgets these dead letters, or all; resolves to how many when that is committed. */
  async purgeLetters(ids?: readonly number[]): Promise<number> {
    return await this.#depot().registrar.purge(ids);
  }

  /** Streams products of one type into `port` until its other end says that it is enough. */
  tap(type: string, key: string | undefined, port: Port): void {
    this.#depot().tap(type, key, port);
  }

  async close(): Promise<void> {
    this.#closing.abort(new ClosedError("transport: closed"));
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
