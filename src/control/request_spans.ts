/**
 * A span of OpenTelemetry for each request, which whatever the factory does for it is below.
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { VERSION } from "../headquarters/mod.ts";

/**
 * Opens a span for each request, named after its route and never after its path. The caller's own trace goes on, if
 * its request says so in the way that the registered propagator reads. For spans below it, an SDK with a context
 * manager has to be registered.
 */
export function requestSpans(): MiddlewareHandler {
  const loading = import("@opentelemetry/api");
  loading.catch(() => {}); // the first request tells
  return async (c, next) => {
    const { context, propagation, SpanKind, SpanStatusCode, trace } = await loading;
    const { method, raw: { headers } } = c.req;
    const caller = propagation.extract(context.active(), headers, {
      keys: (carrier) => [...carrier.keys()],
      get: (carrier, name) => carrier.get(name) ?? undefined,
    });
    const tracer = trace.getTracer("shopfloor", VERSION);
    const attributes = { "http.request.method": method };
    const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, caller);
    try {
      await context.with(trace.setSpan(caller, span), next);
      const route = matchedRoutes(c).findLast(({ path }) => path !== "/*")?.path ?? "none";
      const { status } = c.res;
      span.updateName(`${method} ${route}`);
      span.setAttributes({ "http.route": route, "http.response.status_code": status });
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    } finally {
      span.end();
    }
  };
}
