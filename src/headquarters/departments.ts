/**
 * The departments of one factory: staffed, opened, joined by lines and conveyors, replaced when they die, and
 * closed.
 *
 * @module
 */

import { type Placement, placesOf } from "../blueprint/mod.ts";
import { dealBlocks, dealSlots, DepartmentError, fromWire, redealSlots, slotOf } from "../core/mod.ts";
import { CLOSE_MS, STORE_HANDOVER_MS } from "../core/limits.ts";
import type { ProcurementFigures, TransportFigures, WorkshopFigures } from "../metrics/mod.ts";
import type { Inspection } from "../operations/mod.ts";
import type { Resumption } from "../transport/mod.ts";
import type { ResolvedOptions } from "./options.ts";
import { Patience } from "./patience.ts";
import type {
  End,
  OperationsBranch,
  ProcurementBranch,
  Site,
  TransportBranch,
  WorkshopBranch,
} from "./site.ts";
import type { Traces } from "./traces.ts";

/** What departments are made with. */
export interface DepartmentsOptions {
  readonly site: Site;
  readonly options: ResolvedOptions;
  readonly patience: Patience;
  /** Where keys are put by their class, if the blueprint has an affinity. */
  readonly placement?: Placement;
  /** A department has failed. */
  readonly onFailure: (department: string, error: Error) => void;
  readonly onInspection: (inspection: Inspection) => void;
  readonly traces?: Traces;
  /** The source has ended, or failed. */
  readonly onSourceEnded: (failure: Error | undefined) => void;
}

/** Figures of every department at one time. */
export interface Figures {
  readonly procurement: ProcurementFigures;
  readonly workshops: readonly WorkshopFigures[];
  readonly transport: TransportFigures;
}

/** Departments by name: `procurement`, `transport`, `operations`, `workshop 0`, … */
export type Names = ReadonlySet<string>;

/** Any department at work. */
export type AnyBranch = TransportBranch | ProcurementBranch | OperationsBranch | WorkshopBranch;

/** How often operations inspects. */
const INSPECTION_MS = 1_000;

/** The name of a workshop's department. */
export function workshopName(id: number): string {
  return `workshop ${id}`;
}

/** All departments. {@link staff} first, then {@link open}; {@link close} whatever happened. */
export class Departments {
  readonly #parts: DepartmentsOptions;
  readonly #branches = new Map<string, AnyBranch>();
  readonly #retired: WorkshopFigures[] = [];
  #opened = false;
  #closed = false;
  /** The workshop of each slot. */
  #table: Uint16Array;
  /** The last epoch of the run before. */
  committedBefore = 0;

  constructor(parts: DepartmentsOptions) {
    this.#parts = parts;
    const { placement, options: { workshops } } = parts;
    this.#table = placement ? dealBlocks(placement.blocks, { workshops }) : dealSlots(workshops);
  }

  get transport(): TransportBranch {
    return this.#branch("transport") as TransportBranch;
  }

  get procurement(): ProcurementBranch {
    return this.#branch("procurement") as ProcurementBranch;
  }

  get operations(): OperationsBranch {
    return this.#branch("operations") as OperationsBranch;
  }

  get workshops(): readonly WorkshopBranch[] {
    return Array.from(this.#workshopNames(), (name) => this.#branch(name) as WorkshopBranch);
  }

  /** A workshop, also one that has been hired and serves no slot yet. */
  workshop(id: number): WorkshopBranch {
    return this.#branch(workshopName(id)) as WorkshopBranch;
  }

  /** How many workshops there should be. */
  get size(): number {
    return Math.max(...this.#table) + 1;
  }

  /** The workshop of each slot. */
  get table(): Uint16Array {
    return this.#table;
  }

  /** All that should be at work. */
  get names(): string[] {
    return ["transport", "procurement", "operations", ...this.#workshopNames()];
  }

  /** Asks a department whether it answers. */
  async ping(name: string): Promise<void> {
    await this.#branches.get(name)?.calls.ping();
  }

  /** The table for another number of workshops: as few slots as possible move. */
  redealt(workshops: number): Uint16Array {
    const { placement } = this.#parts;
    if (placement === undefined) return redealSlots(this.#table, workshops);
    return dealBlocks(placement.blocks, { workshops, table: this.#table });
  }

  /** The workshops where a key may be, and their names: one, unless nobody knows the class that it is of. */
  workshopsOf(key: string): { workshop: WorkshopBranch; department: string }[] {
    const ids = placesOf(this.#parts.placement, key).map((hash) => this.#table[slotOf(hash)]);
    return [...new Set(ids)].map((id) => ({ workshop: this.workshop(id), department: workshopName(id) }));
  }

  /** Brings every department to life, none of them open yet. */
  staff(): Promise<void> {
    return this.hire(this.names);
  }

  /** Opens all of them. */
  async open(): Promise<void> {
    const { committed } = await this.#join(new Set(this.names));
    this.committedBefore = committed;
    this.#opened = true;
  }

  /**
   * Puts others in the places of departments that have died, and goes on from the last commit: those that are lost,
   * and whoever had to do with what is lost with them.
   *
   * @param onHired told the names of all that are new, before they are opened
   */
  async replace(lost: Names, { onHired }: { onHired: (names: Names) => void }): Promise<void> {
    const all = lost.has("procurement") || lost.has("transport");
    const places = new Set(lost);
    if (all) {
      for (const name of this.#workshopNames()) places.add(name);
      const { names } = this;
      this.end(this.#branches.keys().filter((name) => !names.includes(name))); // hired, and never used
    }
    this.end(places);
    const ids = this.#idsOf(places);
    if (!places.has("procurement")) await this.#await("procurement", this.procurement.calls.sever(ids));
    await this.hire(places);
    onHired(places);
    await this.#join(places);
  }

  /** Brings departments to life. */
  async hire(names: Iterable<string>): Promise<void> {
    const { site, patience, onFailure } = this.#parts;
    await patience.await(Promise.all(Array.from(names, async (name) => {
      const fail = (error: Error) => {
        if (!this.#branches.has(name) || this.#branches.get(name) === branch) onFailure(name, error);
      };
      let branch: AnyBranch | undefined = undefined;
      branch = name === "transport"
        ? await site.transport(fail)
        : name === "procurement"
        ? await site.procurement(fail)
        : name === "operations"
        ? await site.operations(fail)
        : await site.workshop(idOf(name), fail);
      if (this.#closed) branch.terminate(); // it came too late
      else this.#branches.set(name, branch);
    })));
  }

  /** Ends departments at once, whatever they are doing. */
  end(names: Iterable<string>): void {
    for (const name of names) {
      this.#branches.get(name)?.terminate();
      this.#branches.delete(name);
      // It may not have died itself, but answers no more: who waits for it must not wait for its successor's health.
      this.#parts.patience.lose(name, new DepartmentError(`${name}: it is being replaced`));
    }
  }

  /** Opens a workshop that has been hired. */
  async openWorkshop(id: number, { slots, committed, line, conveyor, resting = false }: {
    slots: readonly number[];
    committed: number;
    line: End;
    conveyor: End;
    resting?: boolean;
  }): Promise<void> {
    const { options } = this.#parts;
    const data = options.durability === "exactly-once" ? options.data : undefined;
    const config = { ...options, id, slots, data, committed, resting };
    const workshop = this.workshop(id);
    await this.#await(workshopName(id), workshop.open(config, line, conveyor));
  }

  /** Slots are dealt so from now on. Operations is told who is there. */
  async deal(table: Uint16Array): Promise<void> {
    this.#table = table;
    await this.#await("operations", this.operations.restaff(this));
  }

  /** Ends a workshop that serves no slot any more; what it has counted stays. */
  async retire(id: number): Promise<void> {
    const name = workshopName(id);
    this.#retired.push(await this.#await(name, this.workshop(id).calls.figures()));
    this.end([name]);
  }

  /** What each has counted, those that have retired too. */
  async figures(): Promise<Figures> {
    const { patience } = this.#parts;
    const branches = [this.procurement, this.transport, ...this.workshops] as const; // all are there, or none is asked
    const names = ["procurement", "transport", ...this.#workshopNames()];
    const figures = await Promise.all(
      branches.map((branch, index) =>
        patience.quick(names[index], branch.calls.figures() as Promise<unknown>)
      ),
    );
    const [procurement, transport, ...workshops] = figures as [
      ProcurementFigures,
      TransportFigures,
      ...WorkshopFigures[],
    ];
    return { procurement, transport, workshops: [...workshops, ...this.#retired] };
  }

  /** Closes what can be closed, and ends the rest. */
  async close(): Promise<void> {
    this.#closed = true;
    const patience = new Patience(this.#parts.site.clock); // the factory's own may have ended with a failure
    const closed = (branches: Iterable<AnyBranch | undefined>) =>
      Promise.allSettled(
        Array.from(branches, (branch) =>
          branch && patience.quick("department", branch.calls.close(), CLOSE_MS)),
      );
    const transport = this.#branches.get("transport");
    await closed(this.#branches.values().filter((branch) => branch !== transport));
    await closed([transport]); // last: whoever closes the store last leaves it tidy
    this.end([...this.#branches.keys()]);
  }

  /** Opens those that are new from the end to the beginning: nothing flows before whoever receives it is there. */
  async #join(places: Names): Promise<Resumption> {
    const { site, options, onInspection } = this.#parts;
    const ids = this.#idsOf(places);
    const lines = ids.map(() => site.channel());
    const conveyors = ids.map(() => site.channel());
    const resumption = await this.#openTransport(places, ids, conveyors.map(([, far]) => far));
    const { committed } = resumption;
    const slots = [...this.#table];
    await Promise.all(ids.map((id, index) =>
      this.openWorkshop(id, {
        slots: slots.flatMap((owner, slot) => owner === id ? [slot] : []),
        committed,
        line: lines[index][1],
        conveyor: conveyors[index][0],
      })
    ));
    const { minWorkshops: min, maxWorkshops: max } = options;
    const config = { ...options, intervalMs: INSPECTION_MS, staffing: min < max ? { min, max } : null };
    const { operations } = this;
    const restaffed = places.has("operations")
      ? operations.open(config, this, onInspection)
      : operations.restaff(this);
    await this.#await("operations", restaffed);
    await this.#openLines(places, ids, { lines: lines.map(([near]) => near), resumption });
    return resumption;
  }

  async #openTransport(
    places: Names,
    ids: readonly number[],
    conveyors: readonly End[],
  ): Promise<Resumption> {
    const { options, onFailure, traces } = this.#parts;
    const { transport } = this;
    if (!places.has("transport")) return await this.#await("transport", transport.replace(ids, conveyors));
    const handoverMs = this.#opened ? STORE_HANDOVER_MS : 0;
    const resumption = await this.#await("transport", transport.prepare({ ...options, handoverMs }));
    const { committed } = resumption;
    const opened = transport.open({ config: options, committed }, conveyors, (event) => {
      if (this.#branches.get("transport") !== transport) return; // another has taken its place
      if (event.kind === "failed") return onFailure("transport", fromWire(event.error));
      if (event.kind === "delivered") return traces?.delivered(event.delivery);
      traces?.committed(event.epoch);
      for (const name of ["procurement", ...this.#workshopNames()]) {
        const branch = this.#branches.get(name) as ProcurementBranch | WorkshopBranch | undefined;
        branch?.calls.committed(event.epoch, event.finished).catch(() => {}); // it is closing, then
      }
    });
    await this.#await("transport", opened);
    return resumption;
  }

  async #openLines(
    places: Names,
    ids: readonly number[],
    { lines, resumption }: { lines: readonly End[]; resumption: Resumption },
  ): Promise<void> {
    const { options, onSourceEnded } = this.#parts;
    const { procurement } = this;
    const opened = places.has("procurement")
      ? procurement.open({ ...options, ...resumption, table: this.#table }, lines, (event) => {
        if (this.#branches.get("procurement") !== procurement) return;
        onSourceEnded(event.kind === "failed" ? fromWire(event.error) : undefined);
      })
      : procurement.rejoin(ids, lines, resumption.committed);
    await this.#await("procurement", opened);
  }

  #await<T>(department: string, call: Promise<T>): Promise<T> {
    return this.#parts.patience.await(call, department);
  }

  #idsOf(places: Names): number[] {
    return Array.from({ length: this.size }, (_, id) => id).filter((id) => places.has(workshopName(id)));
  }

  #workshopNames(): string[] {
    return Array.from({ length: this.size }, (_, id) => workshopName(id));
  }

  /** @throws {DepartmentError} while another takes its place */
  #branch(name: string): AnyBranch {
    const branch = this.#branches.get(name);
    if (branch) return branch;
    throw new DepartmentError(`${name}: it has died, and another takes its place; try again in a moment`, {
      code: "DEPARTMENT_REPLACED",
      fields: { department: name },
    });
  }
}

function idOf(name: string): number {
  return Number(name.slice("workshop ".length));
}
