/** Counts the items on standard input, or, with the argument `close`, reads one chunk and closes. */
import process from "node:process";
import { ndjson } from "../../../src/sources/mod.ts";
import { sourceContext } from "../source_context.ts";

const reader = await ndjson().open(sourceContext());
let items = 0;
for (let chunk; (chunk = await reader.read());) {
  items += chunk.items.length;
  if (process.argv[2] === "close") break;
}
if (process.argv[2] === "close") {
  const waiting = reader.read();
  await reader.close();
  await waiting;
}
console.log(JSON.stringify({ items, resumed: reader.resumed }));
