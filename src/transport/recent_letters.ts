/**
 * The last dead letters of a factory that has no store to keep them in.
 *
 * @module
 */

import { DEAD_LETTERS_PAGE } from "../core/limits.ts";
import type {
  DeadLetterQuery,
  DeadLetters,
  DeadLetterSelection,
  NewDeadLetter,
  StoredDeadLetter,
} from "../store/mod.ts";

/** Dead letters, wherever they are kept. */
export type Letters = Pick<
  DeadLetters,
  "insert" | "list" | "count" | "newest" | "purge" | "take" | "settle" | "release"
>;

/** Keeps the last 1,000 in memory, and forgets the oldest of more. */
export class RecentLetters implements Letters {
  readonly #taken = new Set<number>();
  #letters: StoredDeadLetter[] = [];
  #id = 0;

  insert(letter: NewDeadLetter): number {
    this.#letters.push({ ...letter, id: ++this.#id });
    if (this.#letters.length > DEAD_LETTERS_PAGE) this.#taken.delete(this.#letters.shift()!.id);
    return this.#id;
  }

  list({ after = 0, limit = 100, epoch = Infinity }: DeadLetterQuery = {}): StoredDeadLetter[] {
    return this.#letters.filter((letter) => letter.id > after && letter.epoch <= epoch).slice(0, limit);
  }

  count(epoch: number = Infinity): number {
    return this.#letters.filter((letter) => letter.epoch <= epoch).length;
  }

  newest(epoch: number = Infinity): number {
    return this.#letters.findLast((letter) => letter.epoch <= epoch)?.id ?? 0;
  }

  purge(ids?: Iterable<number>, epoch: number = Infinity): number {
    const before = this.#letters.length;
    const gone = ids && new Set(ids);
    this.#letters = this.#letters.filter((letter) => letter.epoch > epoch || gone?.has(letter.id) === false);
    for (const id of gone ?? this.#taken) this.#taken.delete(id);
    return before - this.#letters.length;
  }

  take(
    { ids, except = [], limit = DEAD_LETTERS_PAGE, ...query }: DeadLetterSelection = {},
  ): StoredDeadLetter[] {
    const wanted = ids && new Set(ids);
    const left = new Set([...except, ...this.#taken]);
    const letters = this.list({ ...query, limit: DEAD_LETTERS_PAGE })
      .filter(({ id }) => !left.has(id) && wanted?.has(id) !== false)
      .slice(0, limit);
    for (const { id } of letters) this.#taken.add(id);
    return letters;
  }

  settle(ids: Iterable<number>): void {
    this.purge(ids);
  }

  release(ids: Iterable<number>): void {
    for (const id of ids) this.#taken.delete(id);
  }
}
