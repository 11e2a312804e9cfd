/**
 * The codecs of a blueprint's items.
 *
 * @module
 */

import { compileCodec, type ItemCodec } from "../batch/mod.ts";
import type { Blueprint } from "./blueprint.ts";

/** The codec of what comes in. @throws {BlueprintError} when the schema has something that no batch can carry */
export function materialCodec({ material }: Pick<Blueprint, "material">): ItemCodec {
  return compileCodec(material, { what: "material" });
}

/** The codecs of what goes out, by product type, in the blueprint's order. @throws {BlueprintError} */
export function productCodecs({ products }: Pick<Blueprint, "products">): Map<string, ItemCodec> {
  return new Map(
    Object.entries(products).map(([type, schema]) => [
      type,
      compileCodec(schema, { what: `product ${type}` }),
    ]),
  );
}
