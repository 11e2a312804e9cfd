const SHOWN = 40;

/** A value as messages show what was found: `string "12"`, `null`, `array of 3`, `instance of Map`. */
export function found(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `string ${JSON.stringify(value.length > SHOWN ? value.slice(0, SHOWN) + "…" : value)}`;
    case "number":
      return Object.is(value, -0) ? "number -0" : `number ${value}`;
    case "boolean":
    case "bigint":
      return `${typeof value} ${value}`;
    case "object":
      return value === null ? "null" : describeObject(value);
    default:
      return typeof value;
  }
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return `array of ${value.length}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : "date";
  const { constructor } = Object.getPrototypeOf(value) ?? Object.prototype;
  return constructor === Object ? "object" : `instance of ${constructor?.name || "a class"}`;
}
