import { z } from "zod";

/** The range of a {@link wholeNumber}. */
export interface WholeNumberRange {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number in a query, where everything is text. Nothing else that JavaScript would take for one passes. */
export function wholeNumber(
  { min = 0, max = 999_999_999 }: WholeNumberRange = {},
): z.ZodType<number, string> {
  return z.string()
    .regex(/^\d{1,9}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ type: "integer", minimum: min, maximum: max, pattern: undefined });
}
