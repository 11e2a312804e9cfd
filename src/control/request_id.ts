import type { MiddlewareHandler } from "hono";
import type { ControlEnv } from "./control_env.ts";

const HEADER = "x-request-id";

/** What a client's own id may be made of, so that it can stand anywhere: in headers, logs and documents. */
const SAFE = /^[\w.:+/=-]{1,128}$/;

/** Gives every request an id, the client's own if it sends one, and every answer the same in `X-Request-Id`. */
export const nameRequests: MiddlewareHandler<ControlEnv> = async (c, next) => {
  const sent = c.req.header(HEADER);
  const id = sent !== undefined && SAFE.test(sent) ? sent : crypto.randomUUID();
  c.set("requestId", id);
  await next();
  c.res.headers.set(HEADER, id);
};
