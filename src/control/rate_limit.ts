import type { MiddlewareHandler } from "hono";
import type { Clock } from "../core/mod.ts";
import { RATE_BURST_SECONDS, RATE_CLIENTS, STRANGER_COST } from "../core/limits.ts";
import type { ControlEnv } from "./control_env.ts";
import { Problem } from "./problem.ts";
import { TokenBuckets } from "./token_buckets.ts";

/** How many requests. */
export interface RateLimitOptions {
  readonly clock: Clock;
  /** Of one client. */
  readonly requestsPerSecond: number;
}

/**
 * Answers 429 to clients that ask too often. A client is an address and what its token lets it do, so that whoever
 * guesses tokens doesn't use up what those who have one may ask, and guessing costs more.
 */
export function limitRate({ clock, requestsPerSecond }: RateLimitOptions): MiddlewareHandler<ControlEnv> {
  const capacity = requestsPerSecond * RATE_BURST_SECONDS;
  const buckets = new TokenBuckets({ clock, perSecond: requestsPerSecond, capacity, clients: RATE_CLIENTS });
  return async (c, next) => {
    const role = c.get("role");
    const cost = role === "nobody" ? Math.min(STRANGER_COST, capacity) : 1;
    const waitMs = buckets.take(`${role} ${networkOf(c.env?.address ?? "")}`, cost);
    if (waitMs > 0) throw tooMany(waitMs);
    await next();
  };
}

function tooMany(waitMs: number): Problem {
  const seconds = String(Math.ceil(waitMs / 1_000));
  return new Problem(429, "RATE_LIMITED", `too many requests: come again in ${seconds} s`, {
    headers: { "retry-after": seconds },
  });
}

/** An IPv4 address, or the 64 bits of an IPv6 address that name a network: its hosts have the rest to make up. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(":")) return mapped ?? address;
  const [head, tail] = address.split("%", 1)[0].split("::").map((half) => half.split(":").filter(Boolean));
  const zeros = tail === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...Array.from({ length: zeros }, () => "0"), ...tail ?? []].slice(0, 4).join(":");
}
