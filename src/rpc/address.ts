/**
 * An endpoint's URL, taken apart.
 *
 * @module
 */

/** Where to connect to, and what to say there. */
export interface Address {
  readonly secure: boolean;
  /** Name or number, an IPv6 number without its brackets. */
  readonly host: string;
  readonly port: number;
  /** For the `host` header. */
  readonly authority: string;
  /** The URL's path, with one `/` at its end. */
  readonly basePath: string;
}

/**
 * Reads an endpoint's base URL.
 *
 * @returns undefined if it is none: not `http:` or `https:`, or with a user, a query or a fragment
 */
export function addressOf(text: string): Address | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  if (url.username || url.password || url.search || url.hash) return undefined;
  const secure = url.protocol === "https:";
  return {
    secure,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    authority: url.host,
    basePath: url.pathname.replace(/\/*$/, "/"),
  };
}
