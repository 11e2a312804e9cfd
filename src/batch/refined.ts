import { visit, type ZodDefinition, type ZodNode } from "./zod_node.ts";

/** Kinds of schema that change or judge a value beyond its shape. */
const REFINING: ReadonlySet<string> = new Set([
  "default",
  "prefault",
  "catch",
  "transform",
  "pipe",
  "custom",
  "success",
  "template_literal",
  "nan",
]);

/** Number formats that are shapes: the writers check these themselves. */
const SHAPES: ReadonlySet<unknown> = new Set(["safeint", "int32", "uint32", "float64"]);

/** Whether a schema says more than shapes anywhere in it, so that only zod can tell whether an item fits. */
export function sayMore(schema: ZodNode): boolean {
  let more = false;
  const see = (node: ZodNode): void => {
    more ||= refines(node._zod.def);
  };
  visit(schema, { path: "", outputs: false, see });
  return more;
}

function refines(def: ZodDefinition): boolean {
  return REFINING.has(def.type) || def.coerce === true || def.catchall?._zod.def.type === "never" ||
    judges(def) || (def.checks ?? []).some((check) => judges(check._zod.def));
}

function judges({ check, format }: { readonly check?: string; readonly format?: string }): boolean {
  return check !== undefined && !(check === "number_format" && SHAPES.has(format));
}
