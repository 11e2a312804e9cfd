/**
 * What a registry's server has to offer for a {@link Registry} to be made of it. Every call tries once: it fails with
 * a RegistryError when it isn't answered, and whoever calls tries again.
 *
 * @module
 */

import type { ListedEndpoint } from "./endpoint.ts";
import type { EndpointList } from "./endpoint_list.ts";

/** Something that the server keeps for a while. */
export interface Entry {
  /** Keeps it for another time to live; false when it is gone already. */
  renew(signal: AbortSignal): Promise<boolean>;
  /** Removes it. */
  remove(signal: AbortSignal): Promise<void>;
}

/** A name that was taken. */
export interface Claim extends Entry {
  /** Higher than that of every claim of this name before. */
  readonly token: number;
  /** Until when it certainly holds without being renewed: `ttlMs` after `takenAt`, on the clock's `monotonic`. */
  readonly ttlMs: number;
  readonly takenAt: number;
}

/** An endpoint's place: registered again, it has the same. */
export interface Place {
  readonly service: string;
  readonly id: string;
}

/** What wants a name. */
export interface ClaimOptions {
  /** Unique among all that want it. */
  readonly owner: string;
  readonly ttlMs: number;
  readonly signal: AbortSignal;
}

/** Follows the endpoints of one service, session after session. */
export interface Follower {
  /**
   * Brings the list up to date and keeps it so. Returns or fails when the connection ends, the next session goes on
   * where this one was; rejects when the signal aborts.
   */
  session(list: EndpointList, signal: AbortSignal): Promise<void>;
}

/** A registry's server. */
export interface Backend {
  /** For people: `etcd://127.0.0.1:2379/shopfloor`. */
  readonly name: string;
  /** Lists an endpoint. */
  enlist(place: Place, listed: ListedEndpoint, signal: AbortSignal): Promise<Entry>;
  /** Follows a service. */
  follower(service: string): Follower;
  /** Waits until nobody holds a name, and takes it. */
  claim(name: string, options: ClaimOptions): Promise<Claim>;
  /** Lets go of the connection. */
  close(): Promise<void>;
}
