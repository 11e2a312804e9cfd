/**
 * Copies of workers' states before their turns, by a function that is generated for the shape that they have.
 *
 * @module
 */

import { ItemError, messageOf } from "../core/mod.ts";
import { snapshot } from "./snapshot.ts";

type Copy = (state: unknown, otherwise: Copy) => unknown;

/** More fields than this are not worth code of their own. */
const MOST_FIELDS = 32;

/** Each shape that states turn out to have after a function was made is waited for so many times longer. */
const PATIENCE = 16;

/**
 * Copies what {@link snapshot} copies. All states of a workshop tend to be flat objects with the same fields: for
 * these one literal takes the place of a walk through the fields, which is twice as fast.
 *
 * Invariant: a state that is not exactly of the shape, or holds another object, is left to {@link snapshot}.
 */
export class StateCopier {
  #copy: Copy = (state, otherwise) => otherwise(state, otherwise);
  #others = 0;
  #due = 1;

  /** What to put back if a turn of the worker fails. @throws {ItemError} when its state is no plain data */
  save({ key, state }: { readonly key: string; readonly state: unknown }): unknown {
    try {
      return this.copy(state);
    } catch (cause) {
      const found = messageOf(cause);
      throw new ItemError(`worker ${JSON.stringify(key)}: its state must be plain data; found: ${found}`, {
        fields: { key },
        cause,
      });
    }
  }

  /** @throws {DOMException} when it is no plain data */
  copy(state: unknown): unknown {
    return this.#copy(state, this.#otherwise);
  }

  readonly #otherwise: Copy = (state) => {
    if (++this.#others === this.#due) {
      this.#due *= PATIENCE;
      const names = fieldsOf(state);
      if (names !== undefined) this.#copy = generate(names);
    }
    return snapshot(state);
  };
}

/** The names of a flat plain object's fields, if there are not too many. */
function fieldsOf(state: unknown): string[] | undefined {
  if (typeof state !== "object" || state === null) return;
  if (Object.getPrototypeOf(state) !== Object.prototype) return;
  const names = Object.keys(state);
  const fits = names.length <= MOST_FIELDS && !names.includes("__proto__") && !names.includes("constructor");
  return fits && Object.values(state).every((value) => !isObject(value)) ? names : undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** `constructor` stands for the prototype: it is three times as fast on V8 to ask for. */
function generate(names: readonly string[]): Copy {
  const quoted = names.map((name) => JSON.stringify(name));
  const body = [
    "return function copy(state, otherwise) {",
    "if (typeof state !== 'object' || state === null) return state;",
    "if (state.constructor !== Object) return otherwise(state, otherwise);",
    "let i = 0;",
    "for (const name in state) if (name !== names[i++]) return otherwise(state, otherwise);",
    `if (i !== ${names.length}) return otherwise(state, otherwise);`,
    ...quoted.map((name, i) => `const v${i} = state[${name}];`),
    ...names.map((_, i) =>
      `if (typeof v${i} === 'object' && v${i} !== null) return otherwise(state, otherwise);`
    ),
    `return { ${quoted.map((name, i) => `${name}: v${i}`).join(", ")} };`,
    "};",
  ].join("\n");
  return new Function("names", body)(names) as Copy;
}
