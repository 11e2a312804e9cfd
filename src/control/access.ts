import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import type { ControlEnv, Role } from "./control_env.ts";
import { Problem } from "./problem.ts";

/** The tokens of a factory. */
export interface Tokens {
  /** Lets its bearer do everything. Without one, everybody may. */
  readonly token?: string;
  /** Lets its bearer look, and change nothing. */
  readonly readToken?: string;
}

const LOOKING: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * Finds out who asks, by `Authorization: Bearer <token>`.
 *
 * All sides are hashed first, and every token is compared whatever the others gave, so that it takes the same time
 * for every guess, of whatever length.
 */
export function identify({ token, readToken }: Tokens): MiddlewareHandler<ControlEnv> {
  const admin = token === undefined ? undefined : digest(token);
  const reader = readToken === undefined ? undefined : digest(readToken);
  return async (c, next) => {
    const sent = digest(sentToken(c) ?? "");
    const isAdmin = admin === undefined || timingSafeEqual(sent, admin);
    const isReader = reader !== undefined && timingSafeEqual(sent, reader);
    c.set("role", isAdmin ? "admin" : isReader ? "reader" : "nobody");
    await next();
  };
}

/**
 * Lets through whoever may do what is asked: 401 without a token that counts, 403 where the token only lets look.
 *
 * @param open paths that need no token
 */
export function authorize(open: ReadonlySet<string>): MiddlewareHandler<ControlEnv> {
  return async (c, next) => {
    const refusal = open.has(c.req.path) ? undefined : refusalOf(c.get("role"), c);
    if (refusal !== undefined) throw refusal;
    await next();
  };
}

function refusalOf(role: Role, c: Context): Problem | undefined {
  if (role === "nobody") return unauthorized(sentToken(c) !== undefined);
  if (role === "admin" || LOOKING.has(c.req.method)) return undefined;
  return new Problem(403, "READ_ONLY", "this token only lets look: changes need the factory's own token", {
    headers: { "www-authenticate": 'Bearer realm="shopfloor", error="insufficient_scope"' },
  });
}

function sentToken(c: Context): string | undefined {
  return /^Bearer +(\S.*)$/i.exec(c.req.header("authorization") ?? "")?.[1].trimEnd();
}

function digest(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}

function unauthorized(wrong: boolean): Problem {
  const detail = wrong ? "the token is not this factory's" : "send the token as Authorization: Bearer";
  const challenge = `Bearer realm="shopfloor"${wrong ? ', error="invalid_token"' : ""}`;
  return new Problem(401, "UNAUTHORIZED", detail, { headers: { "www-authenticate": challenge } });
}
