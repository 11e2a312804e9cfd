import { createHash } from "node:crypto";
import type { Hono } from "hono";
import { FILES } from "../dashboard/mod.ts";

/** Where the page itself is; its other files have names of their own. */
const PAGE = "index.html";

const TYPES: Readonly<Record<string, string>> = { html: "text/html", css: "text/css", js: "text/javascript" };

/** The page's own files by path: type and text. */
export const PAGE_ASSETS: ReadonlyMap<string, readonly [type: string, text: string]> = new Map(
  Object.entries(FILES).filter(([name]) => name !== PAGE).map((
    [name, text],
  ) => [`/page/${name}`, [TYPES[name.slice(name.lastIndexOf(".") + 1)], text]]),
);

/** The page for people. */
export function pageRoutes(app: Hono): void {
  app.get("/", () => pageAnswer(200));
  for (const [path, [type, text]] of PAGE_ASSETS) {
    const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
    app.get(path, (c) => {
      const known = c.req.header("if-none-match") === etag;
      return known
        ? new Response(null, { status: 304, headers: { etag, "cache-control": "no-cache" } })
        : answer(200, { type, text, headers: { etag } });
    });
  }
}

/** The page with any status: with 401 it asks for the token. */
export function pageAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return answer(status, { type: TYPES.html, text: FILES[PAGE], headers });
}

interface Asset {
  readonly type: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function answer(status: number, { type, text, headers = {} }: Asset): Response {
  return new Response(text, {
    status,
    headers: { ...headers, "content-type": `${type}; charset=utf-8`, "cache-control": "no-cache" },
  });
}
