import { z } from "zod";
import { type Clock, OptionsError, systemClock } from "../core/mod.ts";
import { BODY_BYTES, BODY_MS, HEARTBEAT_MS, REQUESTS_PER_SECOND, SSE_CLIENTS } from "../core/limits.ts";

/** Options of {@link createControl}. */
export interface ControlOptions {
  /** Whoever asks must send it as `Authorization: Bearer`. Without one, only this machine's own names are answered. */
  readonly token?: string;
  /** Whoever sends this one may look, and change nothing: GET and HEAD. Needs a `token` beside it. */
  readonly readToken?: string;
  /** Origins whose pages may call: `https://desk.example`. Default: none but the server's own. */
  readonly corsOrigins?: readonly string[];
  /** Host names answered without a token, besides this machine's own. */
  readonly hosts?: readonly string[];
  /** Largest request body, and largest line of an NDJSON body, which may itself go on for ever. Default 8 MiB. */
  readonly bodyBytes?: number;
  /** How long a body may take to come, or each line of one that goes on for ever. Default 60,000. */
  readonly bodyMs?: number;
  /** Requests of one client, an address; twice as many may come at once. Default 5,000. */
  readonly requestsPerSecond?: number;
  /** Open event streams. Default 256. */
  readonly streams?: number;
  /** Silence after which an event stream sends a comment. Default 15,000. */
  readonly heartbeatMs?: number;
  /** A span of OpenTelemetry for each request, through the SDK that the process has registered. Default false. */
  readonly traces?: boolean;
  /** For tests. Default: the machine's. */
  readonly clock?: Clock;
  /** Told of errors that nobody foresaw, which the client sees as a bare 500. Default: standard error. */
  readonly onError?: OnError;
}

/** Told of an error; the answer's problem document has the same `requestId`. */
export type OnError = (error: unknown, request: Request, details: { readonly requestId: string }) => void;

/** Options with every default filled in. */
export interface ResolvedControlOptions {
  readonly token: string | undefined;
  readonly readToken: string | undefined;
  readonly corsOrigins: readonly string[];
  readonly hosts: readonly string[];
  readonly bodyBytes: number;
  readonly bodyMs: number;
  readonly requestsPerSecond: number;
  readonly streams: number;
  readonly heartbeatMs: number;
  readonly traces: boolean;
  readonly clock: Clock;
  readonly onError: OnError;
}

const schema = z.object({
  token: z.string().min(1, "must not be empty").optional(),
  readToken: z.string().min(1, "must not be empty").optional(),
  corsOrigins: z.array(z.string().refine(isOrigin, "must be origins, such as https://desk.example")).default(
    [],
  ),
  hosts: z.array(z.string().min(1).toLowerCase()).default([]),
  bodyBytes: z.int().min(1).default(BODY_BYTES),
  bodyMs: z.number().positive().default(BODY_MS),
  requestsPerSecond: z.number().positive().default(REQUESTS_PER_SECOND),
  streams: z.int().min(0).default(SSE_CLIENTS),
  heartbeatMs: z.number().positive().default(HEARTBEAT_MS),
  traces: z.boolean().default(false),
}).refine(({ token, readToken }) => readToken === undefined || token !== undefined, {
  path: ["readToken"],
  message: "needs a token beside it, or everybody could change things",
}).refine(({ token, readToken }) => readToken === undefined || readToken !== token, {
  path: ["readToken"],
  message: "must not be the token itself",
});

/**
 * Checks options and fills in defaults.
 *
 * @throws {OptionsError} naming the option and what was wanted; never what was found, which may be the token
 */
export function resolveControlOptions(options: ControlOptions): ResolvedControlOptions {
  const result = schema.safeParse(options);
  if (!result.success) {
    const { path, message } = result.error.issues[0];
    const option = String(path[0]);
    throw new OptionsError(`option ${option}: ${message}`, { fields: { option } });
  }
  const { clock = systemClock, onError = report } = options;
  const { token, readToken } = result.data;
  return { ...result.data, token, readToken, clock, onError };
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function report(error: unknown, request: Request, { requestId }: { requestId: string }): void {
  const { pathname } = new URL(request.url);
  console.error(`control: ${request.method} ${pathname} failed (request ${requestId}): ${plainText(error)}`);
}

/** What an error says, with nothing in it that a terminal obeys or that could pass for a line of its own. */
function plainText(error: unknown): string {
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, "\ufffd").replaceAll("\n", "\n  ");
}
