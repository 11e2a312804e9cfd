import { Hono } from "hono";
import { z } from "zod";
import { answer, endpoint } from "../endpoint.ts";
import type { Reception } from "../reception.ts";
import { historyQuery, moment } from "../schemas/history_schemas.ts";
import { query } from "../validation.ts";

const tag = "factory";

/** The operator's reports of the last hour. */
export function historyRoutes({ factory }: Reception) {
  return new Hono()
    .get(
      "/v1/inspections/history",
      endpoint({
        tag,
        summary: "The last hour, as points of a chart",
        answers: {
          200: { description: "The latest last; empty in the first second.", schema: z.array(moment) },
        },
        problems: { 400: "The query makes no sense" },
      }),
      query(historyQuery),
      async (c) => answer(await factory.history(c.req.valid("query"))),
    );
}
