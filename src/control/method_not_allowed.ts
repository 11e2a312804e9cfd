import type { Hono } from "hono";
import { Problem } from "./problem.ts";

/** Answers 405 with `Allow` where a path is known and the method isn't. To be called when every route is there. */
export function refuseOtherMethods(app: Hono): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === "ALL") continue;
    methods.set(path, (methods.get(path) ?? new Set()).add(method));
  }
  for (const [path, allowed] of methods) {
    if (allowed.has("GET")) allowed.add("HEAD");
    const allow = [...allowed].sort().join(", ");
    app.all(path, (c) => {
      throw new Problem(405, "METHOD_NOT_ALLOWED", `${path} takes ${allow}, not ${c.req.method}`, {
        headers: { allow },
      });
    });
  }
}
