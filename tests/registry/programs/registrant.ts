/** Registers an endpoint, or acquires a lease, and lives until it is killed. */
import process from "node:process";
import { openRegistry } from "../../../src/registry/mod.ts";

const [url, what, name, endpoint, ttl] = process.argv.slice(2);
const registry = openRegistry(url);
if (what === "register") {
  await registry.register(name, { url: endpoint }, { ttlMs: Number(ttl) });
  console.log("registered");
} else {
  const lease = await registry.acquire(name, { ttlMs: Number(ttl) });
  console.log(`token ${lease.token}`);
}
setInterval(() => {}, 1_000);
