/**
 * A stateless dispatcher, a program of its own: `dispatcher.ts REGISTRY GATEWAY DATABASE`. A factory without a data
 * directory, and its control server, registered as the service `dispatch`.
 *
 * Whatever it has under way is gone with it. That is no loss: whoever sent it sends it again.
 */

import process from "node:process";
import { openFactory } from "../../../mod.ts";
import { openControl } from "../../../src/control/mod.ts";
import { serveRegistered } from "./registered.ts";

const [, , registry, gateway, database] = process.argv;
const factory = await openFactory(new URL("./blueprint.ts", import.meta.url), {
  workshops: 1,
  epochMs: 50,
  settings: { gateway, database, dispatcher: `dispatcher-${process.pid}` },
});
const control = await openControl(factory, { port: 0 });
await serveRegistered({
  registry,
  service: "dispatch",
  url: control.url,
  async close() {
    await factory.drain(); // requests that wait for their commit get it
    await control.close();
  },
});
