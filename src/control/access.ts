import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { Problem } from "./problem.ts";

/**
 * Lets through whoever sends `Authorization: Bearer <token>`.
 *
 * Both sides are hashed first, so that the comparison takes the same time for every guess, of whatever length.
 *
 * @param open paths that need no token
 */
export function requireToken(token: string, open: ReadonlySet<string>): MiddlewareHandler {
  const wanted = digest(token);
  return async (c, next) => {
    if (open.has(c.req.path)) return await next();
    const sent = /^Bearer +(\S.*)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    if (sent !== undefined && timingSafeEqual(digest(sent.trimEnd()), wanted)) return await next();
    throw unauthorized(sent !== undefined);
  };
}

function digest(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}

function unauthorized(wrong: boolean): Problem {
  const detail = wrong ? "the token is not this factory's" : "send the token as Authorization: Bearer";
  const challenge = `Bearer realm="shopfloor"${wrong ? ', error="invalid_token"' : ""}`;
  return new Problem(401, "UNAUTHORIZED", detail, { headers: { "www-authenticate": challenge } });
}
