import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { matchedRoutes } from "hono/route";
import { ClosedError } from "../core/mod.ts";
import type { Factory } from "../headquarters/mod.ts";
import { INGESTIONS } from "../core/limits.ts";
import { requireToken } from "./access.ts";
import { guardAgainstPages } from "./browser_guard.ts";
import { Exposition } from "./exposition.ts";
import { isUnforeseen, problemOf } from "./failures.ts";
import { refuseOtherMethods } from "./method_not_allowed.ts";
import { type ControlOptions, resolveControlOptions, type ResolvedControlOptions } from "./options.ts";
import { Problem } from "./problem.ts";
import type { Reception } from "./reception.ts";
import { factoryRoutes } from "./routes/factory_routes.ts";
import { healthRoutes } from "./routes/health_routes.ts";
import { inspectionRoutes } from "./routes/inspection_routes.ts";
import { materialsRoutes } from "./routes/materials_routes.ts";
import { metricsRoutes } from "./routes/metrics_routes.ts";
import { PAGE_ASSETS, pageAnswer, pageRoutes } from "./routes/page_routes.ts";
import { procurementRoutes } from "./routes/procurement_routes.ts";
import { productRoutes } from "./routes/product_routes.ts";
import { workerRoutes } from "./routes/worker_routes.ts";
import { workshopRoutes } from "./routes/workshop_routes.ts";
import { Seats } from "./seats.ts";
import { securityHeaders } from "./security_headers.ts";

/** A factory's control endpoints. */
export interface Control {
  /** Answers a request; never rejects. */
  fetch(request: Request): Response | Promise<Response>;
  /** Ends every event stream and every wait for the lines. The factory stays open. */
  close(): void;
}

const ROUTES: readonly ((app: Hono, reception: Reception) => void)[] = [
  healthRoutes,
  metricsRoutes,
  factoryRoutes,
  workshopRoutes,
  workerRoutes,
  procurementRoutes,
  materialsRoutes,
  productRoutes,
  inspectionRoutes,
  pageRoutes,
];

/** Health has no secrets, and the page's own files are the same for everybody. */
const OPEN_PATHS: ReadonlySet<string> = new Set(["/livez", "/readyz", ...PAGE_ASSETS.keys()]);

/**
 * The control endpoints of a factory, to be served by {@link openControl} or by a server of one's own.
 *
 * @throws {OptionsError} naming the option that is wrong
 */
export function createControl(factory: Factory, options: ControlOptions = {}): Control {
  const resolved = resolveControlOptions(options);
  const closing = new AbortController();
  const streams = new Seats("event streams", resolved.streams);
  const reception: Reception = {
    factory,
    clock: resolved.clock,
    exposition: new Exposition(factory, () => streams.taken),
    streams,
    ingestions: new Seats("bodies of materials", INGESTIONS),
    bodyBytes: resolved.bodyBytes,
    heartbeatMs: resolved.heartbeatMs,
    closing: closing.signal,
  };
  const app = new Hono();
  countRequests(app, reception);
  app.use(securityHeaders);
  answerErrors(app, resolved);
  guard(app, resolved);
  for (const routes of ROUTES) routes(app, reception);
  refuseOtherMethods(app);
  return {
    fetch: (request) => app.fetch(request),
    close: () => closing.abort(new ClosedError("the control server is closing")),
  };
}

function countRequests(app: Hono, { exposition }: Reception): void {
  app.use(async (c, next) => {
    await next();
    const route = matchedRoutes(c).findLast(({ path }) => path !== "/*")?.path ?? "none";
    const method = METHODS.has(c.req.method) ? c.req.method : "other";
    exposition.countRequest({ method, route, status: c.res.status });
  });
}

/** The methods counted by name: clients may make up any number of them. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

function answerErrors(app: Hono, { onError }: ResolvedControlOptions): void {
  app.onError((error, c) => {
    if (isUnforeseen(error)) onError(error, c.req.raw);
    const problem = problemOf(error);
    return problem.status === 401 && wantsPage(c)
      ? pageAnswer(401, problem.headers) // which asks for the token
      : problem.response();
  });
  app.notFound((c) => new Problem(404, "NOT_FOUND", `there is nothing at ${c.req.path}`).response());
}

function wantsPage(c: Context): boolean {
  return c.req.path === "/" && c.req.method === "GET" && /\btext\/html\b/.test(c.req.header("accept") ?? "");
}

function guard(app: Hono, { token, origins, hosts }: ResolvedControlOptions): void {
  app.use(guardAgainstPages({ checkHost: token === undefined, hosts, origins }));
  if (origins.length > 0) {
    app.use(cors({
      origin: [...origins],
      allowMethods: ["GET", "POST", "PATCH", "DELETE"],
      allowHeaders: ["authorization", "content-type"],
      exposeHeaders: ["retry-after", "www-authenticate"],
      maxAge: 600,
    }));
  }
  if (token !== undefined) app.use(requireToken(token, OPEN_PATHS));
}
