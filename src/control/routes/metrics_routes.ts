import type { Hono } from "hono";
import type { Reception } from "../reception.ts";

/** The factory's figures for Prometheus. */
export function metricsRoutes(app: Hono, { exposition }: Reception): void {
  app.get("/metrics", async () => {
    const text = await exposition.text();
    return new Response(text, {
      headers: { "content-type": exposition.contentType, "cache-control": "no-store" },
    });
  });
}
