/**
 * Copies of worker state.
 *
 * @module
 */

/** A copy of plain data that shares nothing with it that can change. Flat objects, the usual state, are fastest. */
export function snapshot(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return Array.isArray(value) ? value.map(snapshot) : structuredClone(value);
  }
  const record = value as Record<string, unknown>;
  for (const name in record) {
    const field = record[name];
    if (typeof field === "object" && field !== null) return deep(record);
  }
  return { ...record };
}

function deep(record: Record<string, unknown>): Record<string, unknown> {
  const copy = { ...record };
  for (const name in copy) copy[name] = snapshot(copy[name]);
  return copy;
}
