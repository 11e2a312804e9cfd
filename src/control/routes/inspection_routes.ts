import { Hono } from "hono";
import type { Factory } from "../../headquarters/mod.ts";
import type { Inspection } from "../../operations/mod.ts";
import { answer, endpoint } from "../endpoint.ts";
import { Problem } from "../problem.ts";
import type { Reception } from "../reception.ts";
import { inspection } from "../schemas/inspection_schemas.ts";
import { streamResponse } from "../stream_response.ts";

const tag = "factory";

/** The operator's reports. */
export function inspectionRoutes(reception: Reception) {
  const { factory } = reception;
  return new Hono()
    .get(
      "/v1/inspections/latest",
      endpoint({
        tag,
        summary: "The operator's latest report",
        answers: { 200: { description: "The report of the last second.", schema: inspection } },
        problems: { 503: "The first report comes a second after opening" },
      }),
      () => {
        const latest = factory.latestInspection();
        if (latest !== undefined) return answer(latest);
        throw new Problem(503, "NOT_YET", "the operator's first report comes a second after opening", {
          headers: { "retry-after": "1" },
        });
      },
    )
    .get(
      "/v1/inspections",
      endpoint({
        tag,
        summary: "The operator's reports as they come",
        description: "Server-Sent Events: the latest report at once, then one a second.",
        answers: {
          200: { description: "A stream of events.", media: "text/event-stream", schema: inspection },
        },
        problems: { 503: "Too many streams are open" },
      }),
      (c) => streamResponse(c.req.raw, { reception, open: () => reports(factory) }),
    );
}

/** The latest report at once, then each as it comes. */
async function* reports(factory: Factory): AsyncGenerator<Inspection> {
  const coming = factory.inspections();
  const latest = factory.latestInspection();
  if (latest !== undefined) yield latest;
  yield* coming;
}
