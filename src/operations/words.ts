/**
 * Numbers in sentences.
 *
 * @module
 */

const NUMBER = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/** `1,234.5`. */
export function count(value: number): string {
  return NUMBER.format(value);
}

/** `42 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `1 item`, `2 items`. */
export function plural(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `120 ms`, `2.1 s`. */
export function duration(ms: number): string {
  return ms < 999.5 ? `${count(ms < 10 ? ms : Math.round(ms))} ms` : `${count(ms / 1_000)} s`;
}
