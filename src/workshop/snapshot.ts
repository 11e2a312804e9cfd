/**
 * Copies of worker state.
 *
 * @module
 */

/** Nested deeper than this, or going round in circles, is left to structured clone. */
const DEPTH = 16;

const TOO_DEEP = Symbol("too deep");

/**
 * A copy of plain data that shares nothing with it that can change. Flat objects, the usual state, are fastest.
 *
 * @throws {DOMException} when it is no plain data: it holds functions, promises, handles
 */
export function snapshot(value: unknown): unknown {
  const copy = copied(value, 0);
  return copy === TOO_DEEP ? structuredClone(value) : copy;
}

function copied(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return Array.isArray(value) ? list(value, depth) : structuredClone(value);
  }
  const record = value as Record<string, unknown>;
  for (const name in record) {
    const field = record[name];
    if (typeof field === "object" && field !== null) return deep(record, depth);
  }
  return { ...record };
}

function deep(record: Record<string, unknown>, depth: number): unknown {
  if (depth === DEPTH) return TOO_DEEP;
  const copy = { ...record };
  for (const name in copy) {
    const field = copied(copy[name], depth + 1);
    if (field === TOO_DEEP) return TOO_DEEP;
    copy[name] = field;
  }
  return copy;
}

function list(values: readonly unknown[], depth: number): unknown {
  if (depth === DEPTH) return TOO_DEEP;
  const copy = values.map((value) => copied(value, depth + 1));
  return copy.includes(TOO_DEEP) ? TOO_DEEP : copy;
}
