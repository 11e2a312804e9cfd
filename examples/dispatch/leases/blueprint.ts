/**
 * One class's devices, from a list of its own into a data directory.
 *
 * Settings: `registry` (needed: where the services are found), `devices` (10,000), `class` (default: all of them),
 * `token` (0: the fencing token of whoever holds the class, written beside every result).
 *
 * @module
 */

// Outside this repository, the import is from "@shopfloor/shopfloor".
import { type Blueprint, defineBlueprint, generator, keyed, service, sqlite } from "../../../mod.ts";
import { z } from "zod";
import { CLASSES, deviceList, SERVICES } from "../devices.ts";
import { business, DEADLINE_MS, infer, TURN } from "../inference.ts";

/** Devices in one yield. */
const CHUNK = 64;

export default defineBlueprint({
  name: "dispatch",
  material: business,
  key: ({ device }) => device,
  affinity: { of: ({ kind }) => kind, classes: CLASSES },
  products: {
    result: z.object({ device: z.string(), kind: z.string(), score: z.number(), token: z.int() }),
  },
  services: ({ registry }) => {
    const found = service({ protocol: "json", registry: String(registry), deadlineMs: DEADLINE_MS });
    return Object.fromEntries(SERVICES.map((name) => [name, found]));
  },
  workshop: keyed({
    turn: TURN,
    hire: () => null,
    async work(_worker, { device, kind }, ship, context) {
      const score = await infer({ device, kind }, context);
      ship("result", { device, kind, score, token: Number(context.settings.token ?? 0) });
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
