import { BlueprintError } from "../core/mod.ts";
import { visit, type ZodNode } from "./zod_node.ts";

/** Kinds that JSON can't carry, and what to use instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  bigint: "z.string() for its digits, or z.int()",
  map: "z.record()",
  set: "z.array()",
  date: "z.iso.datetime(), z.number() for milliseconds, or z.date() right in the item",
  nan: "z.number().nullable()",
  symbol: "z.string()",
  function: "z.string() for its name",
  file: "z.string() for its path",
  promise: "the schema of what it resolves to",
};

/**
 * Refuses a schema whose output JSON can't carry.
 *
 * @throws {BlueprintError} naming the place and what to use instead
 */
export function refuseUncarriable(schema: ZodNode, { what, field }: { what: string; field: string }): void {
  const see = (node: ZodNode, path: string): void => {
    const kind = uncarriable(node);
    if (kind === undefined) return;
    const place = path.replace(/^\./, "");
    throw new BlueprintError(
      `${what}: ${
        place === "" ? "" : `field "${place}": `
      }z.${kind.name} can't be carried in a batch: use ${kind.instead}`,
      { fields: { field: place, type: what } },
    );
  };
  visit(schema, { path: field, outputs: true, see });
}

function uncarriable({ _zod: { def, bag, values } }: ZodNode): { name: string; instead: string } | undefined {
  if (def.type in INSTEAD) return { name: `${def.type}()`, instead: INSTEAD[def.type] };
  if (bag?.Class !== undefined) {
    return { name: `instanceof(${bag.Class.name})`, instead: "plain objects and arrays" };
  }
  if (def.type === "literal" && [...values!].some((value) => typeof value === "bigint")) {
    return { name: "literal() of a bigint", instead: INSTEAD.bigint };
  }
}
