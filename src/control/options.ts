import { z } from "zod";
import { type Clock, OptionsError, systemClock } from "../core/mod.ts";
import { BODY_BYTES, HEARTBEAT_MS, SSE_CLIENTS } from "../core/limits.ts";

/** Options of {@link createControl}. */
export interface ControlOptions {
  /** Whoever asks must send it as `Authorization: Bearer`. Without one, only this machine's own names are answered. */
  readonly token?: string;
  /** Origins whose pages may call: `https://desk.example`. Default: none but the server's own. */
  readonly origins?: readonly string[];
  /** Host names answered without a token, besides this machine's own. */
  readonly hosts?: readonly string[];
  /** Largest request body, and largest line of an NDJSON body, which may itself go on for ever. Default 8 MiB. */
  readonly bodyBytes?: number;
  /** Open event streams. Default 256. */
  readonly streams?: number;
  /** Silence after which an event stream sends a comment. Default 15,000. */
  readonly heartbeatMs?: number;
  readonly clock?: Clock;
  /** Told of errors that nobody foresaw, which the client sees as a bare 500. Default: standard error. */
  readonly onError?: (error: unknown, request: Request) => void;
}

/** Options with every default filled in. */
export interface ResolvedControlOptions {
  readonly token: string | undefined;
  readonly origins: readonly string[];
  readonly hosts: readonly string[];
  readonly bodyBytes: number;
  readonly streams: number;
  readonly heartbeatMs: number;
  readonly clock: Clock;
  readonly onError: (error: unknown, request: Request) => void;
}

const schema = z.object({
  token: z.string().min(1, "must not be empty").optional(),
  origins: z.array(z.string().refine(isOrigin, "must be origins, such as https://desk.example")).default([]),
  hosts: z.array(z.string().min(1).toLowerCase()).default([]),
  bodyBytes: z.int().min(1).default(BODY_BYTES),
  streams: z.int().min(0).default(SSE_CLIENTS),
  heartbeatMs: z.number().positive().default(HEARTBEAT_MS),
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
  return { ...result.data, token: result.data.token, clock, onError };
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function report(error: unknown, request: Request): void {
  console.error(`control: ${request.method} ${new URL(request.url).pathname} failed:`, error);
}
