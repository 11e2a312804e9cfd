import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { ClosedError } from "../core/mod.ts";
import type { Factory } from "../headquarters/mod.ts";
import { INGESTIONS } from "../core/limits.ts";
import { authorize, identify } from "./access.ts";
import { guardAgainstPages } from "./browser_guard.ts";
import type { ControlEnv, Peer } from "./control_env.ts";
import { endpoints } from "./endpoints.ts";
import { Exposition } from "./exposition.ts";
import { isUnforeseen, problemOf } from "./failures.ts";
import { HttpFigures } from "./http_figures.ts";
import { refuseOtherMethods } from "./method_not_allowed.ts";
import { type ControlOptions, resolveControlOptions, type ResolvedControlOptions } from "./options.ts";
import { Problem } from "./problem.ts";
import { limitRate } from "./rate_limit.ts";
import type { Reception } from "./reception.ts";
import { REFERENCE_ASSETS, referenceLock } from "./reference/mod.ts";
import { nameRequests } from "./request_id.ts";
import { requestSpans } from "./request_spans.ts";
import { documentRoutes } from "./routes/document_routes.ts";
import { PAGE_ASSETS, pageAnswer, pageRoutes } from "./routes/page_routes.ts";
import { Seats } from "./seats.ts";
import { securityHeaders } from "./security_headers.ts";

/** A factory's control endpoints. */
export interface Control {
  /** Answers a request; never rejects. `peer` is what the server knows of who asks. */
  fetch(request: Request, peer?: Peer): Response | Promise<Response>;
  /** Ends every event stream and every wait for the lines. The factory stays open. */
  close(): void;
}

/** Routes for people; those for programs are in {@link endpoints}. */
const ROUTES: readonly ((app: Hono, reception: Reception) => void)[] = [
  documentRoutes,
  pageRoutes,
];

/** Health has no secrets, and the pages' own files are the same for everybody. */
const OPEN_PATHS: ReadonlySet<string> = new Set([
  "/livez",
  "/readyz",
  ...PAGE_ASSETS.keys(),
  ...REFERENCE_ASSETS.keys(),
]);

/**
 * The control endpoints of a factory, to be served by {@link openControl} or by a server of one's own.
 *
 * @throws {OptionsError} naming the option that is wrong
 */
export function createControl(factory: Factory, options: ControlOptions = {}): Control {
  const resolved = resolveControlOptions(options);
  const closing = new AbortController();
  const figures = new HttpFigures();
  const reception = openReception(factory, { resolved, figures, closing: closing.signal });
  const app = new Hono<ControlEnv>();
  if (resolved.traces) app.use(requestSpans());
  app.use(nameRequests, figures.counting(resolved.clock), securityHeaders);
  answerErrors(app, resolved);
  guard(app, resolved);
  app.route("/", endpoints(reception));
  const plain = app as unknown as Hono; // none of these has a use for what middleware finds out
  for (const routes of ROUTES) routes(plain, reception);
  refuseOtherMethods(plain);
  return {
    fetch: (request, peer = {}) => app.fetch(request, peer),
    close: () => closing.abort(new ClosedError("the control server is closing")),
  };
}

interface Opening {
  readonly resolved: ResolvedControlOptions;
  readonly figures: HttpFigures;
  readonly closing: AbortSignal;
}

function openReception(factory: Factory, { resolved, figures, closing }: Opening): Reception {
  const { clock, bodyBytes, bodyMs, heartbeatMs } = resolved;
  const streams = new Seats("event streams", resolved.streams);
  return {
    factory,
    clock,
    exposition: new Exposition(factory, { streams: () => streams.taken, http: figures.metrics }),
    streams,
    ingestions: new Seats("bodies of materials", INGESTIONS),
    bodyBytes,
    bodyMs,
    heartbeatMs,
    closing,
  };
}

function answerErrors(app: Hono<ControlEnv>, { onError }: ResolvedControlOptions): void {
  app.onError((error, c) => {
    const requestId = c.get("requestId");
    if (isUnforeseen(error)) onError(error, c.req.raw, { requestId });
    const problem = problemOf(error).with({ requestId });
    return problem.status === 401 && pageOf(c)?.(problem.headers) || problem.response();
  });
  app.notFound((c) => {
    const problem = new Problem(404, "NOT_FOUND", `there is nothing at ${c.req.path}`);
    return problem.with({ requestId: c.get("requestId") }).response();
  });
}

/** Pages that ask for the token, and come with the 401 to whoever is a browser. */
const LOCKED_PAGES: Readonly<Record<string, (headers: Readonly<Record<string, string>>) => Response>> = {
  "/": (headers) => pageAnswer(401, headers),
  "/docs": referenceLock,
};

function pageOf(c: Context): ((headers: Readonly<Record<string, string>>) => Response) | undefined {
  const browser = c.req.method === "GET" && /\btext\/html\b/.test(c.req.header("accept") ?? "");
  return browser && Object.hasOwn(LOCKED_PAGES, c.req.path) ? LOCKED_PAGES[c.req.path] : undefined;
}

function guard(app: Hono<ControlEnv>, options: ResolvedControlOptions): void {
  const { token, corsOrigins: origins, hosts } = options;
  app.use(guardAgainstPages({ checkHost: token === undefined, hosts, origins }));
  if (origins.length > 0) {
    app.use(cors({
      origin: [...origins],
      allowMethods: ["GET", "POST", "PATCH", "DELETE"],
      allowHeaders: ["authorization", "content-type", "idempotency-key", "x-request-id"],
      exposeHeaders: ["retry-after", "www-authenticate", "x-request-id"],
      maxAge: 600,
    }));
  }
  app.use(identify(options), limitRate(options), authorize(OPEN_PATHS));
}
