/** Writes as many products to standard output as the argument says, 1,000 at a time; tells errors on standard error. */
import process from "node:process";
import { SinkError } from "../../../src/core/mod.ts";
import { ndjson } from "../../../src/sinks/mod.ts";
import { delivery, sinkContext } from "../deliveries.ts";

const writer = await ndjson({ path: "-" }).open(sinkContext());
const last = Number(process.argv[2]);
try {
  for (let next = 0; next < last; next += 1_000) {
    const products = Array.from(
      { length: 1_000 },
      (_, index) => ({ number: next + index, text: "x".repeat(50) }),
    );
    await writer.write(delivery(products));
    await writer.flush?.();
  }
} catch (error) {
  if (!(error instanceof SinkError)) throw error;
  console.error(JSON.stringify({ message: error.message, final: error.fields.final }));
}
await writer.close();
