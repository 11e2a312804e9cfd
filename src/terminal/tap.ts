import type { ProductEvent } from "../headquarters/mod.ts";
import { Client } from "./client.ts";
import { type Command, EXIT, type Order } from "./command.ts";
import { watchSignals } from "./signals.ts";
import type { Terminal } from "./terminal.ts";

/** `tap`: a running factory's products as they are shipped. */
export const tapCommand: Command = {
  name: "tap",
  summary: "prints products of a running factory as they are shipped",
  operands: { name: "TYPE", least: 1, most: 1 },
  options: ["url", "key", "json"],
  details: `\
Prints each product as a line of JSON (NDJSON); with --json, with its type, key and time around it. What is shipped
before it looks is not shown, and if whoever reads is slow, products are left out: the factory waits for nobody.

Ends when the factory does, or with Ctrl-C.`,
  examples: [
    ["tap average", "prints every average of the factory on this machine"],
    ["tap alarm --key sensor-7 | jq .celsius", "one field of the alarms of one key"],
    ["tap alarm --url https://plant.example", "of another factory, with SHOPFLOOR_TOKEN set"],
  ],
  run,
};

async function run({ operands: [type], values }: Order, terminal: Terminal): Promise<number> {
  const client = new Client({ url: values.url, environment: terminal.environment });
  const query = values.key === undefined ? "" : `?key=${encodeURIComponent(values.key)}`;
  const signals = watchSignals();
  const ended = new AbortController();
  void signals.first.then(() => ended.abort());
  try {
    const path = `/v1/products/${encodeURIComponent(type)}${query}`;
    for await (const event of client.events<ProductEvent>(path, ended.signal)) {
      terminal.print(JSON.stringify(values.json ? event : event.product));
      await terminal.flush();
    }
    return EXIT.ok;
  } finally {
    signals.close();
  }
}
