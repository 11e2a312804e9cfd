const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const HUNDREDTHS = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** `1234567.8` → `1,234,568`. */
export function whole(number: number): string {
  return WHOLE.format(number);
}

/** `1234.5` → `1,234.50`. */
export function hundredths(number: number): string {
  return HUNDREDTHS.format(number);
}
