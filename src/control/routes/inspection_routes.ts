import type { Hono } from "hono";
import type { Factory } from "../../headquarters/mod.ts";
import type { Inspection } from "../../operations/mod.ts";
import { jsonResponse } from "../json.ts";
import { Problem } from "../problem.ts";
import type { Reception } from "../reception.ts";
import { streamResponse } from "../stream_response.ts";

/** The operator's reports. */
export function inspectionRoutes(app: Hono, reception: Reception): void {
  const { factory } = reception;
  app.get("/v1/inspections/latest", () => {
    const inspection = factory.latestInspection();
    if (inspection !== undefined) return jsonResponse(inspection);
    throw new Problem(503, "NOT_YET", "the operator's first report comes a second after opening", {
      headers: { "retry-after": "1" },
    });
  });
  app.get("/v1/inspections", (c) => streamResponse(c.req.raw, { reception, open: () => reports(factory) }));
}

/** The latest report at once, then each as it comes. */
async function* reports(factory: Factory): AsyncGenerator<Inspection> {
  const coming = factory.inspections();
  const latest = factory.latestInspection();
  if (latest !== undefined) yield latest;
  yield* coming;
}
