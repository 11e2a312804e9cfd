/**
 * The registry contract: where services say that they are there, and where callers learn which endpoints there are.
 *
 * @module
 */

/** One place where a service is answered. */
export interface Endpoint {
  /**
   * Base URL, such as `http://10.0.0.7:9001`: a method's name is appended to its path. Any absolute URL without
   * credentials, query or fragment; it is kept as `URL` writes it, without slashes at the end.
   */
  readonly url: string;
  /** Its share of the calls, relative to the others'. Default 1. */
  readonly weight?: number;
}

/** An endpoint that is registered, and kept so for as long as this process lives. */
export interface Registration {
  /** Ends it. */
  close(): Promise<void>;
}

/**
 * A name that one process at a time holds. The process may be wrong about holding it, after a long pause for
 * instance: whatever it writes should carry the token, and be refused where a higher one was seen.
 */
export interface Lease {
  /** The fencing token: higher than that of every owner before, and the same for as long as this one holds it. */
  readonly token: number;
  /**
   * Aborts when the lease is no longer held: it wasn't renewed in time, or was closed. That is before anybody else
   * can have it, unless this process stood still.
   */
  readonly lost: AbortSignal;
  /** Gives it up at once. Never rejects: what the registry isn't told, it finds out when the time is over. */
  close(): Promise<void>;
}

/** How {@link Registry.register} goes about it. */
export interface RegisterOptions {
  /** How long the endpoint stays when nothing is heard of its process, 1,000 to 600,000. */
  readonly ttlMs: number;
  /** Ends the attempt to register. A registration that was made ends by its `close` alone. */
  readonly signal?: AbortSignal;
}

/** How {@link Registry.watch} goes about it. */
export interface WatchOptions {
  /** Ends the watching. */
  readonly signal: AbortSignal;
  /** Is handed all endpoints of the service, sorted by URL, each once. */
  readonly onChange: (endpoints: readonly Endpoint[]) => void;
}

/** How {@link Registry.acquire} goes about it. */
export interface AcquireOptions {
  /** How long the name stays taken when nothing is heard of its owner, 1,000 to 600,000. */
  readonly ttlMs: number;
  /** Ends the waiting. A lease that was handed over ends by its `close` alone. */
  readonly signal?: AbortSignal;
}

/** A directory of services. Names are of letters, digits, `-` and `_`, with dots between, 200 in all. */
export interface Registry {
  /**
   * Registers an endpoint of a service. It is gone `ttlMs` after this process has last been heard of, and comes back
   * by itself when the registry does. Registered several times, it is listed once.
   *
   * @throws {RegistryError} when the registry can't be reached for 30 seconds, or refuses
   */
  register(service: string, endpoint: Endpoint, options: RegisterOptions): Promise<Registration>;
  /**
   * Calls `onChange` with all endpoints of a service: first as they are now, then whenever they change, until `signal`
   * aborts. A registry that can't be reached changes nothing: what was known last still holds.
   *
   * @returns when the first list has been handed over, however long the registry takes; rejects with the signal's
   * reason if it aborts before
   */
  watch(service: string, options: WatchOptions): Promise<void>;
  /**
   * Waits until nobody holds the name, and takes it.
   *
   * @returns the lease, which is renewed for as long as this process lives; rejects with the signal's reason
   */
  acquire(name: string, options: AcquireOptions): Promise<Lease>;
  /** Ends all watching and waiting, every registration made here, and every lease. Never rejects. */
  close(): Promise<void>;
}
