// Asks a running factory (`deno task start`) from another program: deno run -A examples/client.ts [URL]
// Outside this repository, the import is from "@shopfloor/shopfloor/client".
import process from "node:process";
import { client, ControlError } from "../src/control/client.ts";

const [url = "http://127.0.0.1:8787"] = process.argv.slice(2);
const factory = client(url, { token: process.env.SHOPFLOOR_TOKEN });

try {
  const { name, state, workshops, totals } = await factory.status();
  console.log(`${name} is ${state}: ${workshops} workshops, ${totals.materials} items so far`);

  const { workers } = await factory.workers({ limit: 3 });
  console.log(`some workers: ${workers.map(({ key }) => key).join(", ") || "none"}`);

  for await (const { itemsPerSecond, bottleneck } of factory.inspections()) {
    console.log(`${Math.round(itemsPerSecond)} items a second; bottleneck: ${bottleneck ?? "none"}`);
    break; // one report is enough here; the loop would go on for as long as the factory runs
  }
} catch (error) {
  if (!(error instanceof ControlError)) throw error;
  console.error(`${error.code}: ${error.message}`); // UNREACHABLE, UNAUTHORIZED, …
  process.exitCode = 1;
}
