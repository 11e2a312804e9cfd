import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { DEAD_LETTERS_PAGE } from "../core/limits.ts";
import { StoreError } from "../core/mod.ts";
import { type DeadLetterPage, deadLetterReport } from "../headquarters/mod.ts";
import { openStore } from "../store/mod.ts";
import { Client } from "./client.ts";
import { type Command, EXIT, type Order } from "./command.ts";
import { deadLetterTable } from "./dead_letter_table.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

const ACTIONS = ["list", "replay", "purge"] as const;

/** `dead-letters`: what was given up, of a running factory or in a data directory. */
export const deadLettersCommand: Command = {
  name: "dead-letters",
  summary: "lists what was given up, puts it back through the factory, or forgets it",
  operands: { name: "ACTION", least: 1, most: 1, choices: ACTIONS },
  options: ["data", "url", "ids", "json"],
  ownWords: { data: { help: "directory of an embedded store that no factory has open" } },
  details: `\
Asks the factory at --url; with --data and no --url, looks into a data directory that no factory has open.

list prints the oldest ${DEAD_LETTERS_PAGE}, or those with --ids. replay puts all, or those with --ids, back through the factory in the
order of their arrival, and waits for the commit; letters that stand for no item stay. A replay needs a running
factory: with --data alone it is refused. purge forgets all, or those with --ids.`,
  examples: [
    ["dead-letters list", "those of the factory on this machine"],
    ["dead-letters list --data ./data --json", "those in a directory, as JSON"],
    ["dead-letters replay --ids 3,7", "tries two items again"],
    ["dead-letters purge --data ./data", "forgets all of a directory"],
  ],
  run,
};

/** Where the letters are. */
interface Letters {
  list(): Promise<DeadLetterPage>;
  replay(ids?: readonly number[]): Promise<number>;
  purge(ids?: readonly number[]): Promise<number>;
}

async function run({ operands: [action], values }: Order, terminal: Terminal): Promise<number> {
  const { data, url, ids, json } = values;
  const letters = data !== undefined && url === undefined
    ? inDirectory(resolve(terminal.workingDirectory, data))
    : atFactory(new Client({ url, environment: terminal.environment }));
  switch (action) {
    case "list": {
      const page = chosen(await letters.list(), ids);
      terminal.print(json ? JSON.stringify(page) : deadLetterTable(page, terminal));
      return EXIT.ok;
    }
    case "replay":
      return tell("replayed", await letters.replay(ids));
    case "purge":
      return tell("purged", await letters.purge(ids));
    default:
      throw new UsageError(`dead-letters: ${action} is none of ${ACTIONS.join(", ")}`);
  }

  function tell(done: string, count: number): number {
    terminal.print(json ? JSON.stringify({ [done]: count }) : `${count} ${done}`);
    return EXIT.ok;
  }
}

function chosen(page: DeadLetterPage, ids: readonly number[] | undefined): DeadLetterPage {
  if (ids === undefined) return page;
  return { ...page, deadLetters: page.deadLetters.filter(({ id }) => ids.includes(id)) };
}

function atFactory(client: Client): Letters {
  return {
    list: () => client.json(`/v1/dead-letters?limit=${DEAD_LETTERS_PAGE}`),
    replay: async (ids) => {
      const body = ids === undefined ? {} : { ids };
      const { replayed } = await client.change<{ replayed: number }>("/v1/dead-letters/replay", {
        method: "POST",
        body,
      });
      return replayed;
    },
    purge: async (ids) => {
      const query = ids === undefined ? "" : `?ids=${ids.join()}`;
      const { purged } = await client.change<{ purged: number }>(`/v1/dead-letters${query}`, {
        method: "DELETE",
      });
      return purged;
    },
  };
}

function inDirectory(directory: string): Letters {
  const open = () => {
    if (!existsSync(directory)) {
      throw new UsageError(`dead-letters: data directory ${directory}: there is no such directory`);
    }
    try {
      return openStore({ directory });
    } catch (cause) {
      if (!(cause instanceof StoreError) || cause.code !== "STORE_LOCKED") throw cause;
      throw new UsageError(`dead-letters: a factory has ${directory} open: ask it with --url`, cause);
    }
  };
  return {
    list() {
      using store = open();
      const letters = store.deadLetters.list({ limit: DEAD_LETTERS_PAGE });
      const total = store.deadLetters.count();
      const cursor = letters.length < total ? String(letters[letters.length - 1].id) : null;
      return Promise.resolve({ deadLetters: letters.map(deadLetterReport), total, cursor });
    },
    replay: () =>
      Promise.reject(
        new UsageError(
          "dead-letters: a replay needs a running factory: start it, and ask it with --url instead of --data",
        ),
      ),
    purge(ids) {
      using store = open();
      return Promise.resolve(store.deadLetters.purge(ids));
    },
  };
}
