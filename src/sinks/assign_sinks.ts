/**
 * Which product type goes to which sink.
 *
 * @module
 */

import { BlueprintError } from "../core/mod.ts";
import { discard } from "./discard_sink.ts";
import type { Sink } from "./sink.ts";

/**
 * Gives every product type its sink: the one there is, or the one that the object names for the type; without any,
 * products are discarded. A sink that several types have is the same object for each of them: it is to be opened
 * once.
 *
 * @throws {BlueprintError} naming the type that has no sink, a sink for a type that there isn't, or a value that is
 * no sink
 */
export function assignSinks(
  sinks: Sink | Readonly<Record<string, Sink>> | undefined,
  types: readonly string[],
): Map<string, Sink> {
  if (sinks === undefined) return assignSinks(discard(), types);
  if (isSink(sinks)) return new Map(types.map((type) => [type, sinks]));
  if (typeof sinks !== "object" || sinks === null || Array.isArray(sinks)) {
    throw refusal(
      "sinks",
      `expected a sink such as sqlite(), or an object of sinks, found ${described(sinks)}`,
    );
  }
  for (const type of Object.keys(sinks)) {
    if (!types.includes(type)) {
      throw refusal(`sinks.${type}`, `there is no product type ${type}; ${known(types)}`);
    }
  }
  return new Map(types.map((type) => [type, sinkOf(sinks, type)]));
}

/** The product types of each sink, in their order. */
export function typesBySink(assigned: ReadonlyMap<string, Sink>): Map<Sink, string[]> {
  return Map.groupBy(assigned.keys(), (type) => assigned.get(type)!);
}

/** Whether a value follows the sink contract, as far as can be seen before it is opened. */
export function isSink(value: unknown): value is Sink {
  if (typeof value !== "object" || value === null) return false;
  const { name, guarantee, open } = value as Partial<Sink>;
  return typeof name === "string" && typeof open === "function" &&
    (guarantee === "exactly-once" || guarantee === "at-least-once");
}

function sinkOf(sinks: Readonly<Record<string, Sink>>, type: string): Sink {
  if (!Object.hasOwn(sinks, type)) {
    throw refusal(`sinks.${type}`, `product type ${type} has no sink; discard() throws products away`);
  }
  const sink = sinks[type];
  if (isSink(sink)) return sink;
  throw refusal(`sinks.${type}`, `expected a sink such as sqlite(), found ${described(sink)}`);
}

function refusal(field: string, problem: string): BlueprintError {
  return new BlueprintError(`blueprint: ${field}: ${problem}`, { fields: { field } });
}

function known(types: readonly string[]): string {
  return types.length === 0 ? "there are none" : `there are ${types.join(", ")}`;
}

function described(value: unknown): string {
  if (typeof value === "function") return "a function (was it to be called?)";
  return Array.isArray(value) ? "an array" : value === null ? "null" : typeof value;
}
