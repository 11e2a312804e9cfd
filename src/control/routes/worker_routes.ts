import { type Context, Hono } from "hono";
import { answer, endpoint } from "../endpoint.ts";
import { Problem } from "../problem.ts";
import type { Reception } from "../reception.ts";
import { dismissal, rosterPage, rosterQuery, worker } from "../schemas/worker_schemas.ts";
import { query } from "../validation.ts";

const tag = "floor";
const problems = { 400: "The key is not URL-encoded UTF-8", 404: "No worker is hired for the key" };

/** The roster, and each worker on it. */
export function workerRoutes({ factory }: Reception) {
  return new Hono()
    .get(
      "/v1/workers",
      endpoint({
        tag,
        summary: "A page of the roster",
        description:
          "Workers that are hired at this moment, in no order of their keys, without their states.",
        answers: { 200: { description: "A page.", schema: rosterPage } },
        problems: { 400: "The query makes no sense" },
      }),
      query(rosterQuery),
      async (c) => answer(await factory.workers(c.req.valid("query"))),
    )
    .get(
      "/v1/workers/:key",
      endpoint({
        tag,
        summary: "The worker of a key, with its state",
        answers: { 200: { description: "The worker.", schema: worker } },
        problems,
      }),
      async (c) => {
        const key = keyOf(c);
        const found = await factory.worker(key);
        if (found === undefined) throw notHired(key);
        return answer(found);
      },
    )
    .delete(
      "/v1/workers/:key",
      endpoint({
        tag,
        summary: "Dismiss a worker",
        description: "Once its belt is empty. The blueprint's `dismiss` runs with the reason `asked`.",
        answers: { 200: { description: "It is dismissed.", schema: dismissal } },
        problems,
      }),
      async (c) => {
        const key = keyOf(c);
        if (!await factory.dismiss(key)) throw notHired(key);
        return answer({ key, dismissed: true as const });
      },
    );
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
