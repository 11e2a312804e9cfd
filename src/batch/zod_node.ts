/**
 * The little of a zod schema that is read here: its definition tree. Read by structure, so that it does not matter
 * which copy of zod a blueprint was written with.
 *
 * @module
 */

import { BlueprintError } from "../core/mod.ts";

/** One check of a schema, such as `.min(1)`. */
export interface ZodCheck {
  readonly _zod: {
    readonly def: { readonly check?: string; readonly format?: string; readonly value?: unknown };
  };
}

/** What a schema was defined with; which fields there are depends on `type`. */
export interface ZodDefinition {
  readonly type: string;
  readonly check?: string;
  readonly format?: string;
  readonly coerce?: boolean;
  readonly checks?: readonly ZodCheck[];
  readonly innerType?: ZodNode;
  readonly in?: ZodNode;
  readonly out?: ZodNode;
  readonly shape?: Readonly<Record<string, ZodNode>>;
  readonly catchall?: ZodNode;
  readonly options?: readonly ZodNode[];
  readonly left?: ZodNode;
  readonly right?: ZodNode;
}

/** What `safeParse` finds wrong. */
export interface ZodIssue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly ZodIssue[])[];
}

/** A zod schema. */
export interface ZodNode {
  readonly _zod: {
    readonly def: ZodDefinition;
    readonly innerType?: ZodNode;
    readonly values?: ReadonlySet<unknown>;
    readonly bag?: { readonly Class?: { readonly name: string } };
  };
  safeParse(
    value: unknown,
  ): { success: true; data: unknown } | { success: false; error: { issues: readonly ZodIssue[] } };
}

/** Deepest nesting of schemas; beyond it, one is being made up without end. */
const DEPTH = 100;

/** Whether a value is a zod 4 schema. */
export function isZodNode(value: unknown): value is ZodNode {
  return (typeof value === "object" || typeof value === "function") && value !== null && "_zod" in value &&
    typeof (value as ZodNode).safeParse === "function";
}

/** What comes out of a schema, seen through its wrappers. */
export interface Output {
  readonly node: ZodNode;
  readonly nullable: boolean;
  readonly optional: boolean;
}

/** Looks through optional, default, pipe and the like at what comes out. */
export function outputOf(node: ZodNode, depth: number = 0): Output {
  if (depth > DEPTH) throw new BlueprintError("the schema is nested too deeply to be read");
  const { def } = node._zod;
  const through = (inner: ZodNode, change: Partial<Output> = {}): Output => ({
    ...outputOf(inner, depth + 1),
    ...change,
  });
  switch (def.type) {
    case "optional":
      return through(def.innerType!, { optional: true });
    case "nonoptional":
    case "default":
      return through(def.innerType!, { optional: false });
    case "nullable":
      return through(def.innerType!, { nullable: true });
    case "readonly":
    case "prefault":
    case "catch":
      return through(def.innerType!);
    case "lazy":
      return through(node._zod.innerType!);
    case "pipe":
      return through(def.out!);
    default:
      return { node, nullable: accepts(node, null, depth), optional: accepts(node, undefined, depth) };
  }
}

/** Visits a schema and those inside it, each once. `outputs` leaves out what only goes in. */
export function visit(
  root: ZodNode,
  { path, outputs, see }: { path: string; outputs: boolean; see: (node: ZodNode, path: string) => void },
): void {
  const seen = new Set<ZodNode>();
  const walk = (node: ZodNode, path: string, depth: number): void => {
    if (seen.has(node)) return;
    if (depth > DEPTH) throw new BlueprintError(`"${path}" of the schema is nested too deeply to be read`);
    seen.add(node);
    see(node, path);
    for (const [name, child] of children(node, outputs)) walk(child, path + name, depth + 1);
  };
  walk(root, path, 0);
}

/** Whether a schema without wrappers lets `null`, or `undefined`, through. */
function accepts(node: ZodNode, value: null | undefined, depth: number): boolean {
  const { def, values } = node._zod;
  const inside = (inner: ZodNode): boolean => {
    const output = outputOf(inner, depth + 1);
    return value === null ? output.nullable : output.optional;
  };
  switch (def.type) {
    case "any":
    case "unknown":
    case "transform":
    case "custom":
      return true;
    case "null":
      return value === null;
    case "undefined":
    case "void":
      return value === undefined;
    case "enum":
    case "literal":
      return values!.has(value);
    case "union":
      return def.options!.some(inside);
    case "intersection":
      return inside(def.left!) && inside(def.right!);
    default:
      return false;
  }
}

/** Where a definition keeps the schemas inside it, and what going there adds to a path. */
const ROLES: readonly (readonly [role: string, step: string])[] = [
  ["innerType", ""],
  ["in", ""],
  ["out", ""],
  ["options", ""],
  ["left", ""],
  ["right", ""],
  ["keyType", ""],
  ["element", "[]"],
  ["items", "[]"],
  ["rest", "[]"],
  ["valueType", ".*"],
  ["catchall", ".*"],
];

/** Schemas right inside another, each with what it adds to a path. */
function* children(node: ZodNode, outputs: boolean): Generator<readonly [step: string, child: ZodNode]> {
  const { def, innerType } = node._zod;
  if (outputs && def.type === "success") return;
  if (def.type === "lazy") yield ["", innerType!];
  for (const [name, child] of Object.entries(def.shape ?? {})) yield [member(name), child];
  for (const [role, step] of ROLES) {
    if (role === "in" && outputs) continue;
    const inside = (def as unknown as Record<string, unknown>)[role];
    for (const child of Array.isArray(inside) ? inside : [inside]) if (isZodNode(child)) yield [step, child];
  }
}

/** A property as a step of a path: `.name` or `["two words"]`. */
export function member(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
