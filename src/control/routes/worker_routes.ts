import type { Context, Hono } from "hono";
import { z } from "zod";
import { jsonResponse } from "../json.ts";
import { Problem } from "../problem.ts";
import type { Reception } from "../reception.ts";
import { parseQuery } from "../validation.ts";

const whole = z.string().regex(/^\d{1,9}$/, "must be a whole number").transform(Number);

const rosterQuery = z.object({
  workshop: whole.optional(),
  prefix: z.string().optional(),
  limit: whole.pipe(z.int().min(1).max(1_000)).optional(),
  cursor: z.string().optional(),
});

/** The roster, and each worker on it. */
export function workerRoutes(app: Hono, { factory }: Reception): void {
  app.get("/v1/workers", async (c) => jsonResponse(await factory.workers(parseQuery(c, rosterQuery))));
  app.get("/v1/workers/:key", async (c) => {
    const key = keyOf(c);
    const worker = await factory.worker(key);
    if (worker === undefined) throw notHired(key);
    return jsonResponse(worker);
  });
  app.delete("/v1/workers/:key", async (c) => {
    const key = keyOf(c);
    if (!await factory.dismiss(key)) throw notHired(key);
    return jsonResponse({ key, dismissed: true });
  });
}

/** The key as the client encoded it: the router's own decoding lets some sequences through twice. */
function keyOf(c: Context): string {
  const { pathname } = new URL(c.req.url);
  try {
    return decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1));
  } catch {
    throw new Problem(400, "KEY_INVALID", "the key is not URL-encoded UTF-8");
  }
}

function notHired(key: string): Problem {
  return new Problem(404, "NOT_HIRED", `no worker is hired for ${JSON.stringify(key)}`, { members: { key } });
}
