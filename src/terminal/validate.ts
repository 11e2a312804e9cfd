import { loadBlueprint } from "../blueprint/mod.ts";
import { blueprintUrl } from "./blueprint_url.ts";
import { type Command, EXIT, type Order } from "./command.ts";
import { findingsTable } from "./findings.ts";
import { inspectBlueprint } from "./inspect_blueprint.ts";
import type { Terminal } from "./terminal.ts";

/** `validate`: what is wrong with a blueprint, without running it. */
export const validateCommand: Command = {
  name: "validate",
  summary: "says what is wrong with a blueprint, without running it",
  operands: { name: "BLUEPRINT", least: 1, most: 1 },
  options: ["settings", "json"],
  details: `\
Loads the blueprint, compiles its schemas and sees that every product type has a sink. Opens no source and no sink.

Exit codes: 0 it is a blueprint; 2 it is not, with one line on standard error that says why.`,
  examples: [
    ["validate thermometers.ts", "prints what the blueprint comes to"],
    ["validate fleet.ts --settings sensors=100", "for a source or sinks that depend on settings"],
  ],
  run,
};

async function run({ operands: [blueprint], values }: Order, terminal: Terminal): Promise<number> {
  const url = blueprintUrl(blueprint, terminal.workingDirectory);
  const findings = inspectBlueprint(await loadBlueprint(url), values.settings ?? {});
  terminal.print(values.json ? JSON.stringify(findings) : findingsTable(findings));
  return EXIT.ok;
}
