import type { Hono } from "hono";
import {
  CLIENT_SCRIPT,
  DOCUMENT,
  FORMAT_SCRIPT,
  MAIN_SCRIPT,
  STREAM_SCRIPT,
  STYLE,
  VIEW_SCRIPT,
} from "../page/mod.ts";

/** The page's own files by path: type and text. */
export const PAGE_ASSETS: ReadonlyMap<string, readonly [type: string, text: string]> = new Map([
  ["/page/style.css", ["text/css", STYLE]],
  ["/page/main.js", ["text/javascript", MAIN_SCRIPT]],
  ["/page/client.js", ["text/javascript", CLIENT_SCRIPT]],
  ["/page/stream.js", ["text/javascript", STREAM_SCRIPT]],
  ["/page/view.js", ["text/javascript", VIEW_SCRIPT]],
  ["/page/format.js", ["text/javascript", FORMAT_SCRIPT]],
]);

/** The page for people. */
export function pageRoutes(app: Hono): void {
  app.get("/", () => pageAnswer(200));
  for (const [path, [type, text]] of PAGE_ASSETS) app.get(path, () => answer(200, { type, text }));
}

/** The page with any status: with 401 it asks for the token. */
export function pageAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return answer(status, { type: "text/html", text: DOCUMENT, headers });
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
