import { Counter, Histogram, type Metric } from "prom-client";
import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import type { Clock } from "../core/mod.ts";
import type { ControlEnv } from "./control_env.ts";

/** The methods counted by name: clients may make up any number of them. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** From what needs no department to a commit that waits for its epoch. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** What is counted of requests. Routes are patterns, never paths: the number of series must stay bounded. */
export class HttpFigures {
  readonly #requests = new Counter({
    name: "shopfloor_http_requests_total",
    help: "Requests answered.",
    labelNames: ["method", "route", "status"],
    registers: [],
  });
  readonly #durations = new Histogram({
    name: "shopfloor_http_request_duration_seconds",
    help: "From a request's head to its answer's head.",
    labelNames: ["method", "route"],
    buckets: SECONDS,
    registers: [],
  });

  /** To be registered where metrics are exposed. */
  get metrics(): readonly Metric<string>[] {
    return [this.#requests, this.#durations];
  }

  /** Counts every request that passes. */
  counting(clock: Clock): MiddlewareHandler<ControlEnv> {
    return async (c, next) => {
      const begun = clock.monotonic();
      await next();
      const route = matchedRoutes(c).findLast(({ path }) => path !== "/*")?.path ?? "none";
      const method = METHODS.has(c.req.method) ? c.req.method : "other";
      this.#requests.inc({ method, route, status: c.res.status });
      this.#durations.observe({ method, route }, (clock.monotonic() - begun) / 1_000);
    };
  }
}
