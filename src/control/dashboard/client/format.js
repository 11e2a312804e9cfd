// @ts-check
/** Numbers, times and values for people. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/**
 * 1,234; from 100,000 on 123.4K.
 *
 * @param {number} value
 */
export function count(value) {
  return Math.abs(value) < 100_000 ? whole.format(value) : short.format(value);
}

/**
 * 0.4, 12, 1,234: so much a second.
 *
 * @param {number} value
 */
export function rate(value) {
  return value < 9.95 ? String(Math.round(value * 10) / 10) : count(value);
}

/**
 * 950; 24.1K; 1.2M: for where there is little room.
 *
 * @param {number} value
 */
export function compact(value) {
  return value < 1_000 ? whole.format(value) : short.format(value);
}

/**
 * `1 worker`, `2 workers`.
 *
 * @param {number} value
 * @param {string} noun
 */
export function several(value, noun) {
  return count(value) + " " + noun + (value === 1 ? "" : "s");
}

/**
 * 320 B, 1.5 KB, 210 MB.
 *
 * @param {number} value
 */
export function bytes(value) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  for (; value >= 1_000 && unit < units.length - 1; unit++) value /= 1_024;
  return (value >= 100 ? whole.format(value) : Math.round(value * 10) / 10) + " " + units[unit];
}

/**
 * 8 µs, 0.12 ms, 3.4 ms, 250 ms, 2.5 s, 4 min, 3 h, 2 d.
 *
 * @param {number} ms
 */
export function duration(ms) {
  if (ms === 0) return "0 ms";
  if (ms < 0.1) return Math.max(1, Math.round(ms * 1_000)) + " µs";
  if (ms < 1) return ms.toFixed(2) + " ms";
  if (ms < 10) return ms.toFixed(1) + " ms";
  if (ms < 1_000) return Math.round(ms) + " ms";
  if (ms < 60_000) return (ms / 1_000).toFixed(ms < 10_000 ? 1 : 0) + " s";
  if (ms < 3_600_000) return Math.round(ms / 60_000) + " min";
  if (ms < 172_800_000) return Math.round(ms / 3_600_000) + " h";
  return Math.round(ms / 86_400_000) + " d";
}

/**
 * 42 %.
 *
 * @param {number} share
 */
export function percent(share) {
  return Math.round(Math.min(1, Math.max(0, share)) * 100) + " %";
}

/**
 * 09:05:03, in the reader's own time zone.
 *
 * @param {number} at ms since 1970
 */
export function timeOfDay(at) {
  return new Date(at).toTimeString().slice(0, 8);
}

/**
 * The time of day, with the date in front unless it is today.
 *
 * @param {number} at ms since 1970
 * @param {number} [now]
 */
export function dateAndTime(at, now = Date.now()) {
  const [day, today] = [at, now].map((time) => new Date(time).toLocaleDateString("sv")); // as ISO 8601 has it
  return (day === today ? "" : day + " ") + timeOfDay(at);
}

/**
 * A value as JSON, cut when it is long.
 *
 * @param {unknown} value
 * @param {{ units: number, indent?: number }} options most UTF-16 units
 */
export function json(value, { units, indent = 0 }) {
  const text = JSON.stringify(value, null, indent) ?? "null";
  return text.length <= units ? text : text.slice(0, units) + "… (" + count(text.length - units) + " more)";
}
