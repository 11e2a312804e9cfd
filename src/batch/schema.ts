/**
 * Schema to columns: what each field of a zod schema is in a batch.
 *
 * @module
 */

import { BlueprintError } from "../core/mod.ts";
import type { Column } from "./batch.ts";
import { refuseUncarriable } from "./carriable.ts";
import { found } from "./found.ts";
import { type Kind, kindOf } from "./kinds.ts";
import { sayMore } from "./refined.ts";
import { isZodNode, outputOf, type ZodNode } from "./zod_node.ts";

/** A column, and how its values are checked. */
export interface Field extends Column, Kind {
  /** What zod checks a JSON value with; undefined where it needs no check because the whole item is parsed first. */
  readonly json?: ZodNode;
}

/** A schema, read. */
export interface SchemaReading {
  readonly node: ZodNode;
  readonly fields: readonly Field[];
  /** The schema says more than shapes. */
  readonly refined: boolean;
  /** The item is one JSON value, not an object with a column for each field. */
  readonly whole: boolean;
}

/**
 * Reads a schema.
 *
 * @throws {BlueprintError} when it is no zod 4 schema or holds something that can't be carried; names the field
 */
export function readSchema(schema: unknown, what: string): SchemaReading {
  if (!isZodNode(schema)) {
    throw new BlueprintError(`${what}: expected a zod 4 schema, found ${found(schema)}`, {
      fields: { type: what },
    });
  }
  const refined = sayMore(schema);
  const output = outputOf(schema);
  const { type, shape, catchall } = output.node._zod.def;
  const open = catchall !== undefined && catchall._zod.def.type !== "never";
  if (type !== "object" || open || output.nullable || output.optional) {
    return {
      node: schema,
      fields: [{ ...jsonField("", schema, { what, refined }), optional: false }],
      refined,
      whole: true,
    };
  }
  const fields = Object.entries(shape!).map(([name, node]) => {
    if (name !== "" && name !== "__proto__") return fieldOf(name, node, { what, refined });
    throw new BlueprintError(`${what}: a field can't be named "${name}"`, {
      fields: { field: name, type: what },
    });
  });
  return { node: schema, fields, refined, whole: false };
}

function fieldOf(
  name: string,
  schema: ZodNode,
  { what, refined }: { what: string; refined: boolean },
): Field {
  const { node, nullable, optional } = outputOf(schema);
  const kind = kindOf(node);
  return kind === undefined
    ? jsonField(name, schema, { what, refined })
    : { name, nullable, optional, ...kind };
}

function jsonField(
  name: string,
  schema: ZodNode,
  { what, refined }: { what: string; refined: boolean },
): Field {
  refuseUncarriable(schema, { what, field: name });
  const { node, nullable, optional } = outputOf(schema);
  return {
    name,
    nullable,
    optional,
    kind: "json",
    logical: "json",
    fits: () => "true",
    expected: node._zod.def.type,
    json: refined ? undefined : schema,
  };
}
