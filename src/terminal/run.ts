import { loadBlueprint } from "../blueprint/mod.ts";
import { type Factory, openFactory, type Summary } from "../headquarters/mod.ts";
import { attend, ATTENDANCE_OPTIONS } from "./attendance.ts";
import { blueprintUrl, requireInput } from "./blueprint_url.ts";
import { type Command, EXIT, type Order } from "./command.ts";
import { drainNotice } from "./ending.ts";
import { type Findings, inspectBlueprint } from "./inspect_blueprint.ts";
import { FACTORY_OPTIONS } from "./options.ts";
import { ownOutput } from "./own_output.ts";
import { showProgress } from "./progress.ts";
import { type SignalWatch, watchSignals } from "./signals.ts";
import { deadLetterLines, rejectionLines, summaryTable } from "./summary.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { factoryOptions } from "./values.ts";

/** `run`: a bounded source to its end, without a server. */
export const runCommand: Command = {
  name: "run",
  summary: "runs a blueprint's source to its end and prints a summary",
  operands: { name: "BLUEPRINT", least: 1, most: 1 },
  options: [...FACTORY_OPTIONS, ...ATTENDANCE_OPTIONS, "json"],
  details: `\
Shows how it gets on when standard error is a terminal. SIGINT and SIGTERM finish what was bought and end the run
as if the source had ended there; a second signal ends the program at once. When a sink writes to standard output,
the summary goes to standard error.

Exit codes: 0 everything was committed; 1 the factory failed; 2 the command line or the blueprint is wrong;
3 everything was committed, but some items could not be processed (dead letters).`,
  examples: [
    ["run thermometers.ts --input readings.ndjson", "processes a file"],
    ["run thermometers.ts < readings.ndjson", "processes standard input"],
    [
      "run thermometers.ts --input readings.ndjson --data ./data",
      "keeps the products in ./data/shopfloor.db",
    ],
    ["run thermometers.ts --input - --json", "prints the summary as JSON"],
  ],
  run,
};

async function run({ operands: [blueprint], values }: Order, terminal: Terminal): Promise<number> {
  const url = blueprintUrl(blueprint, terminal.workingDirectory);
  requireInput(values.input, terminal.workingDirectory);
  const findings = inspectBlueprint(await loadBlueprint(url), values.settings ?? {});
  requireSource(findings, terminal);
  const signals = watchSignals();
  try {
    await using factory = await openFactory(url, factoryOptions(values));
    await using attendance = attend(factory, { values, terminal });
    const summary = await finish(factory, { signals, terminal });
    attendance.tell({ level: "info", event: "finished", message: "everything is committed" });
    tell(summary, { findings, json: values.json, terminal });
    return summary.deadLettered > 0 ? EXIT.deadLetters : EXIT.ok;
  } finally {
    signals.close();
  }
}

/** Without a source nothing would ever come, and nobody could push: the run would wait for ever. */
function requireSource({ name, source }: Findings, terminal: Terminal): void {
  if (source === null) {
    throw new UsageError(`run: blueprint ${name} has no source; shopfloor start serves what is pushed`);
  }
  if (!source.bounded) {
    terminal.complain(`shopfloor: the source of ${name} doesn't end by itself: end the run with Ctrl-C`);
  }
}

/** Troubles on standard error, then the summary. */
function tell(
  summary: Summary,
  { findings, json, terminal }: { findings: Findings; json?: boolean; terminal: Terminal },
): void {
  [...rejectionLines(summary), ...deadLetterLines(summary)].forEach((line) => terminal.complain(line));
  ownOutput(findings, terminal)(json ? JSON.stringify(summary) : summaryTable(summary));
}

/** Waits for the end, or for a signal and the drain that it asks for. */
async function finish(
  factory: Factory,
  { signals, terminal }: { signals: SignalWatch; terminal: Terminal },
): Promise<Summary> {
  const progress = showProgress(factory, terminal.status);
  const drained = signals.first.then((signal) => {
    progress.stop();
    terminal.complain(drainNotice(signal));
    return factory.drain();
  });
  try {
    return await Promise.race([factory.finished, drained]);
  } finally {
    progress.stop();
  }
}
