/**
 * A device's raw data is fetched, sent to the compute service of its class, and the result is stored.
 *
 * Settings: `registry` (needed: where the services are found), `devices` (10,000), `class` (default: all of them),
 * `token` (0: the fencing token of whoever holds the class, written beside every result).
 *
 * @module
 */

// Outside this repository, the import is from "@shopfloor/shopfloor".
import { type Blueprint, defineBlueprint, generator, keyed, service, sqlite } from "../../mod.ts";
import { z } from "zod";
import { CLASSES, deviceList } from "./devices.ts";

const rawData = z.object({ id: z.string(), values: z.array(z.number()) });
const inference = z.object({ score: z.number() });

/** Devices in one yield. */
const CHUNK = 64;

export default defineBlueprint({
  name: "dispatch",
  material: z.object({ device: z.string(), kind: z.string() }),
  key: ({ device }) => device,
  affinity: { of: ({ kind }) => kind, classes: CLASSES },
  products: {
    result: z.object({ device: z.string(), kind: z.string(), score: z.number(), token: z.int() }),
  },
  services: ({ registry }) => {
    const found = { protocol: "json" as const, registry: String(registry), deadlineMs: 2_000 };
    const computes = CLASSES.map((kind) => [`compute-${kind}`, service(found)]);
    return { data: service(found), ...Object.fromEntries(computes) };
  },
  workshop: keyed({
    // Services may be away for long: a device waits for them rather than end as a dead letter.
    turn: { timeoutMs: 10_000, retries: { attempts: 1_000 } },
    hire: () => null,
    async work(_worker, { device, kind }, ship, { call, settings }) {
      // Both are read-only on the services' side. An answer that isn't what it must be fails the turn.
      const raw = rawData.parse(await call("data", "raw", { id: device }, { idempotent: true }));
      const { score } = inference.parse(await call(`compute-${kind}`, "infer", raw, { idempotent: true }));
      ship("result", { device, kind, score, token: Number(settings.token ?? 0) });
    },
  }),
  source: (settings) => {
    const kind = settings.class === undefined ? undefined : String(settings.class);
    const businesses = deviceList(Number(settings.devices ?? 10_000), kind);
    let next = 0;
    return generator(function* devices({ offset }) {
      for (next = Number(offset ?? 0); next < businesses.length;) {
        const chunk = businesses.slice(next, next + CHUNK);
        next += chunk.length;
        yield chunk;
      }
    }, { offset: () => next });
  },
  sinks: sqlite(),
}) as Blueprint; // said again because the types of its settings are nobody's concern
