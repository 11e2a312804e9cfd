import { Hono } from "hono";
import { endpoint } from "../endpoint.ts";
import type { Reception } from "../reception.ts";

/** The factory's figures for Prometheus. */
export function metricsRoutes({ exposition }: Reception) {
  return new Hono().get(
    "/metrics",
    endpoint({
      tag: "health",
      summary: "The factory's figures for Prometheus",
      answers: { 200: { description: "Prometheus text.", media: "text/plain" } },
    }),
    async () => {
      const text = await exposition.text();
      return new Response(text, {
        headers: { "content-type": exposition.contentType, "cache-control": "no-store" },
      });
    },
  );
}
