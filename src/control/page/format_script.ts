/** `format.js`: numbers for people. */
export const FORMAT_SCRIPT: string = String.raw`
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** 1,234; from 100,000 on 123.4K. */
export function count(value) {
  return Math.abs(value) < 100000 ? whole.format(value) : short.format(value);
}

/** 320 B, 1.5 KB, 210 MB. */
export function bytes(value) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1024;
  return (value >= 100 ? whole.format(value) : Math.round(value * 10) / 10) + " " + units[unit];
}

/** 8 µs, 0.12 ms, 3.4 ms, 250 ms, 2.5 s, 4 min, 3 h, 2 d. */
export function duration(ms) {
  if (ms === 0) return "0 ms";
  if (ms < 0.1) return Math.max(1, Math.round(ms * 1000)) + " µs";
  if (ms < 1) return ms.toFixed(2) + " ms";
  if (ms < 10) return ms.toFixed(1) + " ms";
  if (ms < 1000) return Math.round(ms) + " ms";
  if (ms < 60000) return (ms / 1000).toFixed(ms < 10000 ? 1 : 0) + " s";
  if (ms < 3600000) return Math.round(ms / 60000) + " min";
  if (ms < 172800000) return Math.round(ms / 3600000) + " h";
  return Math.round(ms / 86400000) + " d";
}

/** 42 %. */
export function percent(share) {
  return Math.round(Math.min(1, Math.max(0, share)) * 100) + " %";
}
`;
