// @ts-check
/** Following the factory: over as many connections as it takes, and over its restarts. */

/** @import { FactoryStatus } from "../../../headquarters/mod.ts" */
/** @import { Inspection } from "../../../operations/mod.ts" */

import { ask, open, Refusal } from "./api.js";
import { events } from "./events.js";

/** Between two questions for the status. */
const STATUS_MS = 2_000;
/** Between attempts to reach a factory that is away. */
const RETRY_MS = [500, 1_000, 2_000, 5_000];
/** A factory reports every second: after such a silence its connection is dead, whatever the browser thinks. */
const SILENCE_MS = 6_000;
/** By how much a factory's start may seem to move without being another start. */
const SAME_START_MS = 2_000;

/**
 * @typedef {object} Follower
 * @property {(inspection: Inspection) => void} onInspection
 * @property {(status: FactoryStatus) => void} onStatus
 * @property {(reason: string) => void} onAway called once for each time the factory goes away
 * @property {(restarted: boolean) => void} onBack and once when it is back
 */

/** @param {number} ms */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Tells a follower of the factory for ever.
 *
 * @param {Follower} follower
 * @returns {{ refresh(): Promise<void> }} to ask for the status now
 */
export function follow(follower) {
  const presence = new Presence(follower);
  void followReports(follower);
  void keepStatus(presence);
  return { refresh: () => presence.look() };
}

/** @param {Follower} follower */
async function followReports({ onInspection }) {
  for (let failures = 0;; failures++) {
    const silence = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let alarm;
    const heard = () => {
      clearTimeout(alarm);
      alarm = setTimeout(() => silence.abort(), SILENCE_MS);
    };
    try {
      const body = await open("/v1/inspections", silence.signal);
      heard();
      for await (const reports of events(body)) {
        heard();
        failures = 0;
        onInspection(/** @type {Inspection} */ (reports[reports.length - 1]));
      }
    } catch {
      // whoever keeps the status says what is wrong
    }
    clearTimeout(alarm);
    await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
  }
}

/** @param {Presence} presence */
async function keepStatus(presence) {
  for (;; await pause(presence.away ? RETRY_MS[1] : STATUS_MS)) await presence.look();
}

/** Whether the factory is there, and whether it is still the same run. */
class Presence {
  /** @type {Follower} */
  #follower;
  /** @type {number | undefined} */
  #startedAt;
  away = false;

  /** @param {Follower} follower */
  constructor(follower) {
    this.#follower = follower;
  }

  async look() {
    try {
      const asked = Date.now();
      const status =
        /** @type {FactoryStatus} */ (await ask("/v1/factory", { signal: AbortSignal.timeout(SILENCE_MS) }));
      const answered = Date.now();
      this.#seen(status, { at: (asked + answered) / 2, give: (answered - asked) / 2 });
    } catch (error) {
      this.#missed(error);
    }
  }

  /**
   * @param {FactoryStatus} status
   * @param {{ at: number, give: number }} when the status was true, give or take so many milliseconds
   */
  #seen(status, { at, give }) {
    const startedAt = at - status.uptimeMs;
    const running = status.state !== "closed" && status.state !== "failed";
    const restarted = this.#startedAt !== undefined && running &&
      startedAt - give - this.#startedAt > SAME_START_MS;
    if (this.#startedAt === undefined || restarted) this.#startedAt = startedAt;
    if (this.away || restarted) this.#follower.onBack(restarted);
    this.away = false;
    this.#follower.onStatus(status);
  }

  /** @param {unknown} error */
  #missed(error) {
    if (this.away) return;
    this.away = true;
    this.#follower.onAway(reasonOf(error));
  }
}

/** @param {unknown} error */
function reasonOf(error) {
  if (error instanceof Refusal) return error.message;
  if (error instanceof DOMException) return "it doesn't answer";
  return "nobody answers at this address";
}
