/**
 * Several processes share a set of classes between them: each class is held by one of them at a time.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import { type Clock, ClosedError, systemClock, type Timer } from "../core/mod.ts";
import { REGISTRY_TTL_MS, SHARE_CLASSES, SHARE_MEMBERS, SHARE_SETTLE_MS } from "../core/limits.ts";
import { checkName, refuse } from "./checks.ts";
import { dealClasses } from "./deal_classes.ts";
import { HeldClass, type Holding } from "./held_class.ts";
import type { Endpoint, Registration, Registry } from "./registry.ts";

/** How {@link shareClasses} goes about it. */
export interface ShareOptions {
  /** Names the group: all its members share the same classes. Letters, digits, `-` and `_`, with dots between. */
  readonly group: string;
  /** The classes, 1,024 at most; the same for every member. */
  readonly classes: readonly string[];
  /**
   * Works on a class while it is held, until the signal aborts; the class is handed over when this has settled, or
   * 30 seconds later. When it settles before, it is called again.
   */
  readonly hold: (name: string, holding: Holding) => Promise<void>;
  /** How long the classes of a member that died stay with it. Default 10,000. */
  readonly ttlMs?: number;
  /** Ends the attempt to join. */
  readonly signal?: AbortSignal;
  /** Is told when `hold` fails or doesn't end. Default: nobody is. */
  readonly onTrouble?: (error: unknown) => void;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** A member's share of the classes. */
export interface Share extends AsyncDisposable {
  /** The classes that are held now, with the token of each. */
  readonly holdings: ReadonlyMap<string, number>;
  /** Leaves the group: what is held is handed over to the others. Never rejects. */
  close(): Promise<void>;
}

/**
 * Joins a group of processes that share classes. Classes are dealt evenly; when a member comes, leaves or dies, they
 * are dealt anew, and few move. A lease in the registry makes sure that a class has one holder, whatever members
 * think of one another: while the registry can't be reached, classes are given up when their time is over.
 *
 * @throws {RegistryError} when the registry can't be reached for 30 seconds, or refuses
 *
 * @example
 * ```ts
 * import { openRegistry, shareClasses } from "@shopfloor/shopfloor";
 * import assert from "node:assert/strict";
 *
 * const registry = openRegistry("memory:sharing");
 * const held = Promise.withResolvers<string>();
 * const share = await shareClasses(registry, {
 *   group: "dispatch",
 *   classes: ["cameras"],
 *   hold(name, { signal }) {
 *     held.resolve(name);
 *     return new Promise((done) => signal.addEventListener("abort", () => done()));
 *   },
 * });
 * assert.equal(await held.promise, "cameras");
 * await share.close();
 * await registry.close();
 * ```
 */
export async function shareClasses(registry: Registry, options: ShareOptions): Promise<Share> {
  const { group, classes, ttlMs = REGISTRY_TTL_MS, signal } = options;
  checkName("lease", group);
  if (classes.length > SHARE_CLASSES || new Set(classes).size < classes.length || classes.includes("")) {
    refuse(`registry: a group must share at most ${SHARE_CLASSES} classes, each with a name of its own`);
  }
  for (const name of classes) checkName("lease", leaseName(group, name));
  const url = `urn:shopfloor:member:${randomUUID()}`;
  const registration = await registry.register(`${group}.members`, { url }, { ttlMs, signal });
  const share = new OpenShare(registry, { ...options, ttlMs, url, registration });
  try {
    await share.start();
    return share;
  } catch (error) {
    await share.close();
    throw error;
  }
}

interface OpenShareOptions extends ShareOptions {
  readonly ttlMs: number;
  /** Who this member is. */
  readonly url: string;
  readonly registration: Registration;
}

class OpenShare implements Share {
  readonly #registry: Registry;
  readonly #options: OpenShareOptions;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  readonly #held = new Map<string, HeldClass>();
  /** Classes on their way to others. */
  readonly #leaving = new Set<Promise<void>>();
  #members: readonly string[] = [];
  #settling: Timer | undefined;
  #closed: Promise<void> | undefined;

  constructor(registry: Registry, options: OpenShareOptions) {
    this.#registry = registry;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  get holdings(): ReadonlyMap<string, number> {
    const held = [...this.#held].filter(([, { token }]) => token !== undefined);
    return new Map(held.map(([name, { token }]) => [name, token!]));
  }

  /** Resolves when the members are known; the classes come one after the other. */
  async start(): Promise<void> {
    const { group, signal: given } = this.#options;
    const { signal } = this.#closing;
    const onChange = (endpoints: readonly Endpoint[]) => {
      this.#members = endpoints.map(({ url }) => url).slice(0, SHARE_MEMBERS);
      this.#settling ??= this.#clock.after(SHARE_SETTLE_MS, () => this.#deal());
    };
    const abort = () => this.#closing.abort(given!.reason);
    given?.addEventListener("abort", abort, { once: true });
    if (given?.aborted) abort();
    try {
      await this.#registry.watch(`${group}.members`, { signal, onChange });
    } finally {
      given?.removeEventListener("abort", abort);
    }
  }

  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#settling?.cancel();
    this.#closing.abort(new ClosedError("share: closed"));
    await this.#options.registration.close(); // so that the others stand in line before the classes are given up
    for (const name of [...this.#held.keys()]) this.#leave(name);
    await Promise.all(this.#leaving);
  }

  #deal(): void {
    this.#settling = undefined;
    const { url, classes, group, ttlMs, hold, onTrouble = () => {} } = this.#options;
    // The registry may have lost this member for a while: it is about to be registered again.
    if (this.#closing.signal.aborted || !this.#members.includes(url)) return;
    const dealt = dealClasses(classes, this.#members);
    for (const name of classes) {
      const own = dealt.get(name) === url;
      if (own && !this.#held.has(name)) {
        const lease = leaseName(group, name);
        const work = { name, lease, ttlMs, hold, onTrouble, registry: this.#registry, clock: this.#clock };
        this.#held.set(name, new HeldClass(work));
      } else if (!own && this.#held.has(name)) {
        this.#leave(name);
      }
    }
  }

  #leave(name: string): void {
    const leaving = this.#held.get(name)!.close();
    this.#held.delete(name);
    this.#leaving.add(leaving);
    leaving.finally(() => this.#leaving.delete(leaving));
  }
}

/** Any text as part of a name: what a name can't have is written as `_` and its UTF-8 bytes, two digits each. */
function leaseName(group: string, name: string): string {
  const bytes = [...new TextEncoder().encode(name)];
  const text = bytes.map((byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9-]/.test(char) ? char : `_${byte.toString(16).padStart(2, "0")}`;
  }).join("");
  return `${group}.classes.${text}`;
}
