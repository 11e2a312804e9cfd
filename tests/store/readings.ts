import { z } from "zod";
import { compileCodec, type ItemCodec } from "../../src/batch/mod.ts";

/** Codecs of product types. */
export function codecsOf(schemas: Record<string, z.ZodType>): Map<string, ItemCodec> {
  return new Map(
    Object.entries(schemas).map((
      [type, schema],
    ) => [type, compileCodec(schema, { what: `product ${type}` })]),
  );
}

/** One product type. */
export const READINGS: ReadonlyMap<string, ItemCodec> = codecsOf({
  reading: z.object({ device: z.string(), celsius: z.number() }),
});
