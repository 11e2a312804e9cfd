/**
 * The departments of one factory: staffed, opened, joined by lines and conveyors, and closed.
 *
 * @module
 */

import { dealSlots, fromWire, hashKey, slotOf } from "../core/mod.ts";
import { CLOSE_MS } from "../core/limits.ts";
import type { ProcurementFigures, TransportFigures, WorkshopFigures } from "../metrics/mod.ts";
import type { Inspection } from "../operations/mod.ts";
import type { ResolvedOptions } from "./options.ts";
import { Patience } from "./patience.ts";
import type { OperationsBranch, ProcurementBranch, Site, TransportBranch, WorkshopBranch } from "./site.ts";

/** What departments are made with. */
export interface DepartmentsOptions {
  readonly site: Site;
  readonly options: ResolvedOptions;
  readonly patience: Patience;
  /** A department has failed. */
  readonly onFailure: (department: string, error: Error) => void;
  readonly onInspection: (inspection: Inspection) => void;
  /** The source has ended, or failed. */
  readonly onSourceEnded: (failure: Error | undefined) => void;
}

/** Figures of every department at one time. */
export interface Figures {
  readonly procurement: ProcurementFigures;
  readonly workshops: readonly WorkshopFigures[];
  readonly transport: TransportFigures;
}

/** How often operations inspects. */
const INSPECTION_MS = 1_000;

/** All departments. {@link staff} first, then {@link open}; {@link close} whatever happened. */
export class Departments {
  readonly #parts: DepartmentsOptions;
  readonly #terminations: (() => void)[] = [];
  #closed = false;
  #branches: [TransportBranch, ProcurementBranch, OperationsBranch, ...WorkshopBranch[]] | undefined;
  /** The last epoch of the run before. */
  committedBefore = 0;

  constructor(parts: DepartmentsOptions) {
    this.#parts = parts;
  }

  get transport(): TransportBranch {
    return this.#branches![0];
  }

  get procurement(): ProcurementBranch {
    return this.#branches![1];
  }

  get operations(): OperationsBranch {
    return this.#branches![2];
  }

  get workshops(): readonly WorkshopBranch[] {
    return this.#branches!.slice(3) as WorkshopBranch[];
  }

  /** The workshop of a key, and its name. */
  workshopOf(key: string): { workshop: WorkshopBranch; department: string } {
    const { workshops } = this;
    const id = dealSlots(workshops.length)[slotOf(hashKey(key))];
    return { workshop: workshops[id], department: `workshop ${id}` };
  }

  /** Brings every department to life, none of them open yet. */
  async staff(): Promise<void> {
    const { site, options, patience, onFailure } = this.#parts;
    const staffed = async <B extends { terminate(): void }>(
      name: string,
      hire: (fail: (error: Error) => void) => Promise<B>,
    ): Promise<B> => {
      const branch = await hire((error) => onFailure(name, error));
      if (this.#closed) branch.terminate(); // it came too late
      else this.#terminations.push(() => branch.terminate());
      return branch;
    };
    this.#branches = await patience.await(Promise.all([
      staffed("transport", (fail) => site.transport(fail)),
      staffed("procurement", (fail) => site.procurement(fail)),
      staffed("operations", (fail) => site.operations(fail)),
      ...Array.from(
        { length: options.workshops },
        (_, id) => staffed(`workshop ${id}`, (fail) => site.workshop(id, fail)),
      ),
    ]));
  }

  /** Opens them from the end to the beginning: nothing flows before whoever receives it is there. */
  async open(): Promise<void> {
    const { site, options, patience, onSourceEnded, onInspection } = this.#parts;
    const { procurement, workshops, transport, operations } = this;
    const lines = workshops.map(() => site.channel());
    const conveyors = workshops.map(() => site.channel());
    const resumption = await patience.await(transport.prepare(options));
    const { committed } = resumption;
    this.committedBefore = committed;
    await patience.await(this.#openTransport(conveyors.map(([, far]) => far), committed));
    const slots = [...dealSlots(workshops.length)];
    const data = options.durability === "exactly-once" ? options.data : undefined;
    await patience.await(Promise.all(workshops.map((workshop, id) => {
      const own = slots.flatMap((owner, slot) => owner === id ? [slot] : []);
      return workshop.open({ ...options, id, slots: own, data, committed }, lines[id][1], conveyors[id][0]);
    })));
    const premises = { procurement, workshops, transport };
    await patience.await(operations.open({ intervalMs: INSPECTION_MS }, premises, onInspection));
    await patience.await(
      procurement.open({ ...options, ...resumption }, lines.map(([near]) => near), (event) => {
        onSourceEnded(event.kind === "failed" ? fromWire(event.error) : undefined);
      }),
    );
  }

  /** What each has counted. */
  async figures(): Promise<Figures> {
    const { patience } = this.#parts;
    const [procurement, transport, ...workshops] = await Promise.all([
      patience.quick("procurement", this.procurement.calls.figures()),
      patience.quick("transport", this.transport.calls.figures()),
      ...this.workshops.map(({ calls }, id) => patience.quick(`workshop ${id}`, calls.figures())),
    ]);
    return { procurement, transport, workshops };
  }

  /** Closes what can be closed, and ends the rest. */
  async close(): Promise<void> {
    this.#closed = true;
    const patience = new Patience(this.#parts.site.clock); // the factory's own may have ended with a failure
    const { transport, procurement, operations, workshops } = this.#branches ? this : NOBODY;
    const closed = (branches: readonly ({ calls: { close(): Promise<void> } } | undefined)[]) =>
      Promise.allSettled(
        branches.map((branch) => branch && patience.quick("department", branch.calls.close(), CLOSE_MS)),
      );
    await closed([procurement, ...workshops, operations]);
    await closed([transport]); // last: whoever closes the store last leaves it tidy
    for (const terminate of this.#terminations.splice(0)) terminate();
  }

  #openTransport(conveyors: readonly unknown[], committed: number): Promise<void> {
    const { options, onFailure } = this.#parts;
    const { procurement, workshops, transport } = this;
    return transport.open({ config: options, committed }, conveyors, (event) => {
      if (event.kind === "failed") return onFailure("transport", fromWire(event.error));
      for (const { calls } of [procurement, ...workshops]) {
        void calls.committed(event.epoch).catch(() => {}); // it is closing, then
      }
    });
  }
}

const NOBODY = { transport: undefined, procurement: undefined, operations: undefined, workshops: [] };
