/** A member of a group that shares classes: says what it holds, and writes to a store that looks at tokens. */
import process from "node:process";
import { openRegistry, shareClasses } from "../../../src/registry/mod.ts";

const [url, group, store, classes, ttl] = process.argv.slice(2);
const registry = openRegistry(url);

const share = await shareClasses(registry, {
  group,
  classes: classes.split(","),
  ttlMs: Number(ttl),
  async hold(name, { token, signal }) {
    while (!signal.aborted) {
      const body = JSON.stringify({ name, token, member: process.pid });
      await fetch(store, { method: "POST", body }).then((response) => response.body?.cancel());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
});
console.log("joined");
process.on("SIGTERM", async () => {
  await share.close();
  await registry.close();
  console.log("left");
  process.exit(0);
});
