import type { Hono } from "hono";
import { z } from "zod";
import { jsonResponse } from "../json.ts";
import type { Reception } from "../reception.ts";
import { parseBody } from "../validation.ts";

const change = z.strictObject({
  ratePerSecond: z.number().positive().max(1e9).nullable().optional(),
  paused: z.boolean().optional(),
}).refine((fields) => Object.keys(fields).length > 0, "name ratePerSecond or paused");

/** Buying: pace and pause. */
export function procurementRoutes(app: Hono, { factory, bodyBytes }: Reception): void {
  app.get("/v1/procurement", async () => jsonResponse(await factory.procurement()));
  app.patch("/v1/procurement", async (c) => {
    const { ratePerSecond, paused } = await parseBody(c, { schema: change, bodyBytes });
    if (ratePerSecond !== undefined) await factory.setRate(ratePerSecond);
    if (paused !== undefined) await (paused ? factory.pause() : factory.resume());
    return jsonResponse(await factory.procurement());
  });
}
