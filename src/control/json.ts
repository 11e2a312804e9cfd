/**
 * JSON of whatever structured clone lets through. A worker's state may hold what JSON has no word for: maps and
 * sets become arrays, big integers strings, buffers arrays of numbers, and a value inside itself `"[circular]"`.
 */
export function jsonOf(value: unknown): string {
  const path: { original: unknown; plain: unknown }[] = [];
  return JSON.stringify(value, function (this: unknown, _name: string, original: unknown): unknown {
    const plain = plainOf(original);
    if (typeof plain !== "object" || plain === null) return plain;
    while (path.length > 0 && path[path.length - 1].plain !== this) path.pop();
    if (path.some((step) => step.original === original)) return "[circular]";
    path.push({ original, plain });
    return plain;
  }) ?? "null";
}

/** A JSON answer that nobody keeps. */
export function jsonResponse(value: unknown, status: number = 200): Response {
  return new Response(jsonOf(value), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}

function plainOf(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Map || value instanceof Set) return [...value];
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<number | bigint>);
  }
  return value;
}
