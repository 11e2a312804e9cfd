/**
 * Dead letters, from the outside: listed, put back through the factory, forgotten.
 *
 * @module
 */

import { BusyError, Mutex, OptionsError } from "../core/mod.ts";
import { ADMISSION_MS, DEAD_LETTERS_PAGE } from "../core/limits.ts";
import type { StoredDeadLetter } from "../store/mod.ts";
import { plainDataOf } from "../workshop/mod.ts";
import type { Departments } from "./departments.ts";
import type { Admission, DeadLetterPage, DeadLetterQuery, DeadLetterReport } from "./factory.ts";
import type { Patience } from "./patience.ts";

/** What a dead-letter office is made with. */
export interface DeadLetterOfficeOptions {
  /** The departments, when all of them are there. */
  readonly departments: () => Promise<Departments>;
  readonly patience: Patience;
}

/** Letters that stand for no item, by what failed. */
const WITHOUT_ITEM: readonly string[] = ["timer", "dismiss"];

/**
 * Stands between transport, which has the letters, and procurement, which admits their items again.
 *
 * A replayed letter's id goes with its item to the lines, and is deleted by the commit of the epoch in which the item
 * is bought: so it takes effect once, whatever dies. In between, transport keeps the letter from a second replay,
 * and after a restart, procurement does, whose inbox still has it.
 */
export class DeadLetterOffice {
  readonly #departments: () => Promise<Departments>;
  readonly #patience: Patience;
  readonly #replays = new Mutex();

  constructor({ departments, patience }: DeadLetterOfficeOptions) {
    this.#departments = departments;
    this.#patience = patience;
  }

  /** A page, the oldest first. @throws {OptionsError} */
  async list({ limit = 100, cursor }: DeadLetterQuery = {}): Promise<DeadLetterPage> {
    if (!Number.isInteger(limit) || limit < 1 || limit > DEAD_LETTERS_PAGE) {
      throw refusal("limit", `expected a whole number from 1 to ${DEAD_LETTERS_PAGE}`, limit);
    }
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) {
      throw refusal("cursor", "expected one of a page before", cursor);
    }
    const { transport } = await this.#departments();
    const query = { after: Number(cursor ?? 0), limit };
    const page = await this.#patience.quick("transport", transport.calls.deadLetters(query));
    const last = page.letters.at(-1)?.id ?? page.newest;
    return {
      deadLetters: page.letters.map(deadLetterReport),
      total: page.total,
      cursor: last < page.newest ? String(last) : null,
    };
  }

  /** Puts letters back, the oldest first; resolves to how many when what comes of them is committed. */
  replay(ids?: readonly number[]): Promise<number> {
    return this.#replays.run(() => this.#replay(ids));
  }

  /** Forgets letters; resolves to how many. */
  async purge(ids?: readonly number[]): Promise<number> {
    const { transport } = await this.#departments();
    return await this.#patience.await(transport.calls.purgeLetters(ids), "transport");
  }

  async #replay(ids: readonly number[] | undefined): Promise<number> {
    const { newest } = await this.#page();
    let replayed = 0;
    try {
      for (let after = 0; after < newest;) {
        const letters = await this.#take({ ids, after });
        // Letters of what is being replayed come behind those that there were, and would never come to an end.
        const due = letters.filter(({ id }) => id <= newest);
        replayed += await this.#putBack(due, letters.slice(due.length));
        if (due.length < DEAD_LETTERS_PAGE) break;
        after = due[due.length - 1].id;
      }
    } finally {
      if (replayed > 0) await this.#checkpoint();
    }
    return replayed;
  }

  async #page(): Promise<{ newest: number }> {
    const { transport } = await this.#departments();
    return await this.#patience.quick("transport", transport.calls.deadLetters({ limit: 1 }));
  }

  async #take({ ids, after }: { ids?: readonly number[]; after: number }): Promise<StoredDeadLetter[]> {
    const { transport, procurement } = await this.#departments();
    const except = await this.#patience.quick("procurement", procurement.calls.replaying());
    return await this.#patience.quick("transport", transport.calls.takeLetters({ ids, after, except }));
  }

  /** Has the items of letters admitted; the letters that weren't are let go, the `others` too. */
  async #putBack(letters: readonly StoredDeadLetter[], others: readonly StoredDeadLetter[]): Promise<number> {
    const due = letters.filter(hasItem);
    const kept = new Set<number>();
    try {
      if (due.length > 0) { for (const id of accepted(due, await this.#admit(due))) kept.add(id); }
      return kept.size;
    } catch (error) {
      const part = error instanceof BusyError ? error.fields.admission as Admission | undefined : undefined;
      if (part) { for (const id of accepted(due, part)) kept.add(id); }
      throw error;
    } finally {
      const released = [...letters, ...others].flatMap(({ id }) => kept.has(id) ? [] : [id]);
      if (released.length > 0) await this.#release(released);
    }
  }

  async #admit(letters: readonly StoredDeadLetter[]): Promise<Admission> {
    const { procurement } = await this.#departments();
    const push = {
      items: letters.map(({ material }) => plainDataOf(material)),
      keys: letters.map(({ key }) => key),
      letters: letters.map(({ id }) => id),
    };
    return await this.#patience.await(
      procurement.calls.replay(push, { waitMs: ADMISSION_MS }),
      "procurement",
    );
  }

  async #release(ids: readonly number[]): Promise<void> {
    const { transport } = await this.#departments();
    await this.#patience.quick("transport", transport.calls.releaseLetters(ids));
  }

  async #checkpoint(): Promise<void> {
    const { procurement } = await this.#departments();
    await this.#patience.await(procurement.calls.checkpoint(), "procurement");
  }
}

/** The ids of the letters that an admission, of the first of them, has accepted. */
function accepted(letters: readonly StoredDeadLetter[], { accepted, rejected }: Admission): number[] {
  const refused = new Set(rejected.map(({ index }) => index));
  const dealt = letters.slice(0, accepted + rejected.length);
  return dealt.flatMap(({ id }, index) => refused.has(index) ? [] : [id]);
}

function hasItem({ reason, material }: StoredDeadLetter): boolean {
  return !WITHOUT_ITEM.includes(reason) && material !== "null";
}

/** A stored letter as its reader sees it. */
export function deadLetterReport(letter: StoredDeadLetter): DeadLetterReport {
  const { id, key, reason, error, stack, attempts, at, material } = letter;
  const item = hasItem(letter) ? plainDataOf(material) : null;
  return { id, key, reason, error, stack: stack === "" ? null : stack, attempts, at, item };
}

function refusal(option: string, wanted: string, found: unknown): OptionsError {
  return new OptionsError(`dead letters: option ${option}: ${wanted}, found ${String(found)}`, {
    fields: { option, found },
  });
}
