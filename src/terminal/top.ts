import { messageOf, sleep, systemClock } from "../core/mod.ts";
import type { FactoryStatus } from "../headquarters/mod.ts";
import type { Inspection } from "../operations/mod.ts";
import { Client, ClientError } from "./client.ts";
import { type Command, EXIT, type Order } from "./command.ts";
import { FullScreen } from "./full_screen.ts";
import { watchSignals } from "./signals.ts";
import type { Screen, Terminal } from "./terminal.ts";
import { type TopScene, topView } from "./top_view.ts";

/** `top`: a running factory in the terminal. */
export const topCommand: Command = {
  name: "top",
  summary: "shows a running factory live: lines, workshops, services, warehouse, what limits it",
  options: ["url", "json"],
  details: `\
Shows a new picture every second, as large as the terminal is; q or Ctrl-C ends it. When the factory goes away, it
waits for it to come back. Where there is no terminal, it prints one report and ends; with --json, one inspection.

Exit codes: 0; 1 nothing answers, or it refuses.`,
  examples: [
    ["top", "looks at the factory on this machine"],
    ["top --url https://plant.example", "at another one, with SHOPFLOOR_TOKEN set"],
    ["top | head -3", "the first lines of one report"],
  ],
  run,
};

/** Width of a report that no terminal limits. */
const REPORT_COLUMNS = 120;

/** Between two attempts to reach a factory that is gone. */
const RETRY_MS = 1_000;

async function run({ values }: Order, terminal: Terminal): Promise<number> {
  const client = new Client({ url: values.url, environment: terminal.environment });
  const { screen } = terminal;
  if (values.json || screen === undefined) {
    const scene = await firstScene(client);
    const report = values.json
      ? JSON.stringify(scene.inspection)
      : topView(scene, { columns: REPORT_COLUMNS, colour: terminal.colour.output }).join("\n");
    terminal.print(report);
    return EXIT.ok;
  }
  const scene = await firstScene(client); // what is wrong at once is told as an error, not on a screen
  await watch(client, { scene, screen, colour: terminal.colour.output });
  return EXIT.ok;
}

async function firstScene(client: Client): Promise<TopScene> {
  const inspections = client.events<Inspection>("/v1/inspections");
  for await (const inspection of inspections) {
    return { inspection, status: await client.json<FactoryStatus>("/v1/factory") };
  }
  throw new ClientError(`${client.url}: the factory is closing`);
}

/** Shows scene after scene until somebody wants no more. */
async function watch(
  client: Client,
  { scene, screen, colour }: { scene: TopScene; screen: Screen; colour: boolean },
): Promise<void> {
  const ended = new AbortController();
  const signals = watchSignals();
  void signals.first.then(() => ended.abort());
  const full = new FullScreen(screen, {
    draw: (room) => topView(scene, { ...room, colour }),
    onKey: (key) => {
      if (key === "q" || key === "Q" || key === "\u0003") ended.abort();
    },
  });
  try {
    for await (const next of scenes(client, ended.signal)) {
      scene = "notice" in next ? { ...scene, ...next } : next;
      full.draw();
    }
  } finally {
    full.close();
    signals.close();
  }
}

/** A scene each second, or while there is none a notice that says why; ends when `signal` aborts. */
async function* scenes(
  client: Client,
  signal: AbortSignal,
): AsyncGenerator<TopScene | { notice: string }, void, undefined> {
  while (!signal.aborted) {
    let notice = "the factory is closing";
    try {
      for await (const inspection of client.events<Inspection>("/v1/inspections", signal)) {
        yield { inspection, status: await client.json<FactoryStatus>("/v1/factory", signal) };
      }
    } catch (error) {
      notice = messageOf(error);
    }
    if (signal.aborted) return;
    yield { notice: `${notice}; trying again` };
    await sleep(systemClock, RETRY_MS, signal).catch(() => {});
  }
}
