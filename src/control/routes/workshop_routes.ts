import type { Hono } from "hono";
import { z } from "zod";
import { jsonResponse } from "../json.ts";
import { Problem } from "../problem.ts";
import type { Reception } from "../reception.ts";

const workshopId = z.string().regex(/^\d{1,5}$/).transform(Number);

/** Lines and the workshops behind them. */
export function workshopRoutes(app: Hono, { factory }: Reception): void {
  app.get("/v1/lines", async () => jsonResponse(await factory.lines()));
  app.get("/v1/workshops", async () => jsonResponse(await factory.workshops()));
  app.get("/v1/workshops/:id", async (c) => {
    const id = workshopId.safeParse(c.req.param("id"));
    if (!id.success) throw new Problem(400, "WORKSHOP_INVALID", "a workshop's id is a whole number");
    const workshop = (await factory.workshops()).find((candidate) => candidate.id === id.data);
    if (workshop === undefined) throw new Problem(404, "NOT_FOUND", `there is no workshop ${id.data}`);
    return jsonResponse(workshop);
  });
}
