/**
 * What a blueprint comes to, without running it: what `validate` finds.
 *
 * @module
 */

import { type Column, compileCodec } from "../batch/mod.ts";
import type { Blueprint, Contract } from "../blueprint/mod.ts";
import { BlueprintError, messageOf, type Settings } from "../core/mod.ts";
import { CONTRACT_IDLE_MS, ROSTER_WORKERS } from "../core/limits.ts";
import { assignSinks, type Sink } from "../sinks/mod.ts";
import type { Source } from "../sources/mod.ts";

/** One product type. */
export interface ProductFindings {
  readonly type: string;
  readonly columns: readonly Column[];
  readonly sink: string;
  readonly guarantee: Sink["guarantee"];
  /** Whether the sink writes to standard output. */
  readonly standardOutput: boolean;
}

/** What was found. */
export interface Findings {
  readonly name: string;
  readonly material: readonly Column[];
  /** The key's function as it is written. */
  readonly key: string;
  readonly products: readonly ProductFindings[];
  /** Null: only what is pushed. */
  readonly source: Pick<Source, "name" | "bounded" | "replayable"> | null;
  readonly contract: Contract;
}

/**
 * Compiles the schemas and assigns the sinks as the departments would; opens nothing.
 *
 * @throws {BlueprintError} naming the part that is wrong
 */
export function inspectBlueprint(blueprint: Blueprint, settings: Settings): Findings {
  const types = Object.keys(blueprint.products);
  const columnsOf = (schema: Blueprint["material"], what: string) =>
    attempt(what, () => compileCodec(schema, { what }).columns);
  const source = attempt("source", () => blueprint.source?.(settings));
  const sinks = attempt("sinks", () => assignSinks(blueprint.sinks?.(settings), types));
  return {
    name: blueprint.name,
    material: columnsOf(blueprint.material, "material"),
    key: String(blueprint.key).replaceAll(/\s+/g, " "),
    products: types.map((type) => {
      const { name: sink, guarantee, standardOutput = false } = sinks.get(type)!;
      const columns = columnsOf(blueprint.products[type], `product ${type}`);
      return { type, columns, sink, guarantee, standardOutput };
    }),
    source: source ? { name: source.name, bounded: source.bounded, replayable: source.replayable } : null,
    contract: { idleMs: CONTRACT_IDLE_MS, maxWorkers: ROSTER_WORKERS, ...blueprint.workshop.contract },
  };
}

/** Runs a part of the check; whatever it throws is the blueprint's fault. */
function attempt<Result>(what: string, run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof BlueprintError) throw cause;
    throw new BlueprintError(`blueprint: ${what}: ${messageOf(cause)}`, { fields: { field: what }, cause });
  }
}
