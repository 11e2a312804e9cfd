/**
 * Taps: product streams for whoever watches. A slow watcher loses events, never the factory.
 *
 * @module
 */

import type { BatchReader } from "../batch/mod.ts";
import { TAP_EVENTS } from "../core/limits.ts";
import type { Port } from "../line/mod.ts";
import type { Load } from "./warehouse.ts";

/** A product as it leaves the porter. */
export interface ProductEvent {
  type: string;
  key: string;
  /** ms since 1970. */
  at: number;
  product: unknown;
}

/** What a tap says. */
export interface TapMessage {
  readonly events: readonly ProductEvent[];
  /** Events dropped since the message before. */
  readonly lost: number;
}

/** What the watcher says: so many events are dealt with; -1 closes the tap. */
export interface TapAnswer {
  readonly seen: number;
}

/** One watcher of one product type. */
export class Tap {
  readonly type: string;
  readonly #key: string | undefined;
  readonly #port: Port;
  #unseen = 0;
  #lost = 0;

  constructor({ type, key, port, onClose }: {
    type: string;
    key: string | undefined;
    port: Port;
    onClose: (tap: Tap) => void;
  }) {
    this.type = type;
    this.#key = key;
    this.#port = port;
    port.listen((message) => {
      const { seen } = message as TapAnswer;
      if (seen < 0) onClose(this);
      else this.#unseen -= seen;
    });
  }

  /** Passes on what of a load the watcher has room for. */
  offer(load: Load, reader: BatchReader): void {
    const events: ProductEvent[] = [];
    reader.load(load.buffer);
    for (let row = 0; row < load.rows; row++) {
      if (this.#key !== undefined && !reader.keyIs(row, this.#key)) continue;
      if (this.#unseen + events.length >= TAP_EVENTS) this.#lost++;
      else events.push({ type: this.type, key: reader.key(row), at: load.at, product: reader.item(row) });
    }
    reader.unload();
    if (events.length === 0) return;
    this.#unseen += events.length;
    const message: TapMessage = { events, lost: this.#lost };
    this.#lost = 0;
    this.#port.post(message);
  }

  close(): void {
    this.#port.close();
  }
}
