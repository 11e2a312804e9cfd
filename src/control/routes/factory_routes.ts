import type { Hono } from "hono";
import { jsonResponse } from "../json.ts";
import type { Reception } from "../reception.ts";

/** The factory as a whole. */
export function factoryRoutes(app: Hono, { factory }: Reception): void {
  app.get("/v1/factory", async () => jsonResponse(await factory.status()));
  app.post("/v1/factory/pause", async () => {
    await factory.pause();
    return jsonResponse(await factory.status());
  });
  app.post("/v1/factory/resume", async () => {
    await factory.resume();
    return jsonResponse(await factory.status());
  });
  app.post("/v1/factory/checkpoint", async () => jsonResponse({ epoch: await factory.checkpoint() }));
  app.post("/v1/factory/drain", async () => jsonResponse(await factory.drain()));
}
