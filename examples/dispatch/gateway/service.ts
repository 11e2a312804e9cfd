/**
 * One instance of a service, a program of its own: `service.ts REGISTRY NAME HEALTH`, the last as JSON.
 */

import process from "node:process";
import { startService } from "../mock_service.ts";
import { serveRegistered } from "./registered.ts";

const [, , registry, service, health] = process.argv;
const { url, close } = await startService(JSON.parse(health));
await serveRegistered({ registry, service, url, close });
