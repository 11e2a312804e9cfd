/**
 * A blueprint's findings, for people.
 *
 * @module
 */

import type { Column } from "../batch/mod.ts";
import type { Contract } from "../blueprint/mod.ts";
import type { Findings } from "./inspect_blueprint.ts";
import { whole } from "./numbers.ts";

/** The findings as a table. */
export function findingsTable(findings: Findings): string {
  const { name, material, key, products, source, contract } = findings;
  const rows: [string, string][] = [
    ["material", columnWords(material)],
    ["key", key],
    ...products.map(({ type, columns }): [string, string] => [`product ${type}`, columnWords(columns)]),
    ["source", source ? sourceWords(source) : "none: only what is pushed"],
    ...products.map((
      { type, sink, guarantee },
    ): [string, string] => [`sink ${type}`, `${sink} (${guarantee})`]),
    ["contract", contractWords(contract)],
  ];
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    `${name} is a valid blueprint`,
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
  ].join("\n");
}

/** `device string, at number, note string (optional)`. */
function columnWords(columns: readonly Column[]): string {
  return columns.map(({ name, logical, nullable, optional }) => {
    const notes = [optional ? "optional" : "", nullable ? "nullable" : ""].filter((note) => note !== "");
    return `${name || "(whole item)"} ${logical}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
  }).join(", ");
}

function sourceWords({ name, bounded, replayable }: NonNullable<Findings["source"]>): string {
  const end = bounded ? "ends by itself" : "never ends by itself";
  return `${name} (${end}, ${replayable ? "replayable" : "can't go back"})`;
}

function contractWords({ idleMs, ageMs, maxWorkers }: Contract): string {
  const age = ageMs === undefined ? "" : `, ${whole(ageMs)} ms at most`;
  return `${whole(idleMs!)} ms idle${age}, ${whole(maxWorkers!)} workers per workshop`;
}
