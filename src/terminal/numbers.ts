const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const HUNDREDTHS = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** `1234567.8` → `1,234,568`. */
export function whole(number: number): string {
  return WHOLE.format(number);
}

/** So much a second, small rates too: `0.42` → `0.4`, `1234.5` → `1,235`. */
export function rate(perSecond: number): string {
  return perSecond < 9.95 ? String(Math.round(perSecond * 10) / 10) : whole(perSecond);
}

/** `1234.5` → `1,234.50`. */
export function hundredths(number: number): string {
  return HUNDREDTHS.format(number);
}

/** A share: `0.984` → `98 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Milliseconds in the unit that fits: `0.012` → `12 µs`, `340` → `340 ms`, `5400` → `5.4 s`, `3900000` → `1 h 5 min`. */
export function duration(ms: number): string {
  if (ms === 0) return "0 ms";
  if (ms < 0.9995) return `${Math.round(ms * 1_000)} µs`;
  if (ms < 999.5) return `${ms < 9.95 ? ms.toFixed(1) : Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Bytes in the unit that fits: `412000000` → `412 MB`. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  while (count >= 999.5 && unit < units.length - 1) {
    count /= 1_000;
    unit++;
  }
  return `${unit > 0 && count < 9.95 ? count.toFixed(1) : Math.round(count)} ${units[unit]}`;
}
