/**
 * Where departments run. The coordinator doesn't know: in Web Workers, or all in the calling thread.
 *
 * @module
 */

import type { Clock } from "../core/mod.ts";
import type { Port } from "../line/mod.ts";
import type { Inspection, OperationsConfig, OperationsDepartment } from "../operations/mod.ts";
import type { ProcurementConfig, ProcurementDepartment, ProcurementEvent } from "../procurement/mod.ts";
import type { Resumption, TransportConfig, TransportDepartment, TransportEvent } from "../transport/mod.ts";
import type { WorkshopConfig, WorkshopDepartment } from "../workshop/mod.ts";

/** A department's methods, as called from elsewhere. */
export type Remote<Department> = {
  [Name in keyof Department]: Department[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/** One end of a channel, on its way to a department: a MessagePort, or a port in memory. */
export type End = unknown;

/** Methods that are handed ends of channels, or functions to call back: each branch has them itself. */
type WithEnds =
  | "open"
  | "prepare"
  | "tap"
  | "subscribe"
  | "restaff"
  | "rejoin"
  | "deal"
  | "replace"
  | "resize"
  | "handOver"
  | "takeOver";

/** A department at work. */
export interface Branch<Department> {
  /** What may be asked of it once it is open. */
  readonly calls: Remote<Omit<Department, WithEnds>>;
  /** Ends it, whatever it is doing. */
  terminate(): void;
}

/** Procurement at work. */
export interface ProcurementBranch extends Branch<ProcurementDepartment> {
  open(
    config: ProcurementConfig,
    lines: readonly End[],
    report: (event: ProcurementEvent) => void,
  ): Promise<void>;
  rejoin(workshops: readonly number[], lines: readonly End[], committed: number): Promise<void>;
  deal(table: Uint16Array, lines: readonly End[]): Promise<void>;
}

/** A workshop at work. */
export interface WorkshopBranch extends Branch<WorkshopDepartment> {
  open(config: WorkshopConfig, line: End, conveyor: End): Promise<void>;
  handOver(slots: readonly number[], end: End): Promise<number>;
  takeOver(end: End): Promise<number>;
}

/** Transport at work. */
export interface TransportBranch extends Branch<TransportDepartment> {
  prepare(config: TransportConfig): Promise<Resumption>;
  open(
    { config, committed }: { config: TransportConfig; committed: number },
    conveyors: readonly End[],
    report: (event: TransportEvent) => void,
  ): Promise<void>;
  replace(workshops: readonly number[], conveyors: readonly End[]): Promise<Resumption>;
  resize(workshops: number, conveyors: readonly End[]): Promise<void>;
  tap(type: string, key: string | undefined, end: End): Promise<void>;
}

/** Whom operations inspects. */
export interface Staff {
  readonly procurement: ProcurementBranch;
  readonly workshops: readonly WorkshopBranch[];
  readonly transport: TransportBranch;
}

/** Operations at work. */
export interface OperationsBranch extends Branch<OperationsDepartment> {
  open(config: OperationsConfig, staff: Staff, listener: (inspection: Inspection) => void): Promise<void>;
  /** Goes on with others; those that stay aren't asked to begin anew. */
  restaff(staff: Staff): Promise<void>;
}

/** Told when a department dies: with what it died of. */
export type OnFailure = (error: Error) => void;

/** Makes departments and the channels between them. */
export interface Site {
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  /** Whether a department that is busy for ever goes on when it is terminated. */
  readonly unstoppable: boolean;
  /** Both ends of a new channel. */
  channel(): [End, End];
  /** One end for headquarters itself. */
  portOf(end: End): Port;
  procurement(onFailure: OnFailure): Promise<ProcurementBranch>;
  workshop(id: number, onFailure: OnFailure): Promise<WorkshopBranch>;
  transport(onFailure: OnFailure): Promise<TransportBranch>;
  operations(onFailure: OnFailure): Promise<OperationsBranch>;
}
