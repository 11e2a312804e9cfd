/**
 * The endpoints' reference for people: a page made from the OpenAPI document, with no asset from outside and no
 * script but the one that asks for a token.
 *
 * @module
 */

import type { OpenApiDocument } from "../open_api.ts";
import { lockMarkup, pageMarkup } from "./markup.ts";
import { STYLE } from "./style.ts";
import { TOKEN_SCRIPT } from "./token_script.ts";

/** The page's own files. They are the same for everybody. */
export const REFERENCE_ASSETS: ReadonlyMap<string, () => Response> = new Map([
  ["/docs/style.css", () => text(STYLE, { type: "text/css" })],
  ["/docs/token.js", () => text(TOKEN_SCRIPT, { type: "text/javascript" })],
]);

/** The reference. */
export function referencePage(document: OpenApiDocument): Response {
  return text(pageMarkup(document), { type: "text/html" });
}

/** The page that asks for the token, then shows the reference in its own place. */
export function referenceLock(headers: Readonly<Record<string, string>>): Response {
  return text(lockMarkup(), { type: "text/html", status: 401, headers });
}

interface TextOptions {
  readonly type: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

function text(content: string, { type, status = 200, headers = {} }: TextOptions): Response {
  return new Response(content, {
    status,
    headers: { ...headers, "content-type": `${type}; charset=utf-8`, "cache-control": "no-cache" },
  });
}
