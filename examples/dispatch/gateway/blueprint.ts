/**
 * What a stateless dispatcher does with the devices that it is sent. It knows of no service where it is: it calls
 * the class, and the gateway routes.
 *
 * Settings, all needed: `gateway` (its URL), `database` (the directory of PostgreSQL's socket), `dispatcher` (the name
 * that is written beside every result).
 *
 * @module
 */

// Outside this repository, the import is from "@shopfloor/shopfloor".
import { type Blueprint, defineBlueprint, keyed, postgres, push, service } from "../../../mod.ts";
import { z } from "zod";
import { SERVICES } from "../devices.ts";
import { business, DEADLINE_MS, infer, TURN } from "../inference.ts";

export default defineBlueprint({
  name: "dispatch",
  material: business,
  key: ({ device }) => device,
  products: {
    result: z.object({ device: z.string(), kind: z.string(), score: z.number(), dispatcher: z.string() }),
  },
  services: ({ gateway }) =>
    Object.fromEntries(SERVICES.map((name) => [
      name,
      service({ protocol: "json", endpoints: [`${gateway}/${name}`], deadlineMs: DEADLINE_MS }),
    ])),
  workshop: keyed({
    turn: TURN,
    contract: { idleMs: 1_000 },
    hire: () => null,
    async work(_worker, { device, kind }, ship, context) {
      const score = await infer({ device, kind }, context);
      ship("result", { device, kind, score, dispatcher: String(context.settings.dispatcher) });
    },
  }),
  source: push(),
  sinks: ({ database }) =>
    postgres({ host: String(database), user: "postgres", database: "postgres", table: "new_results" }),
}) as Blueprint; // said again because the types of its settings are nobody's concern
