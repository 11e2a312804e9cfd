import type { Clock } from "../core/mod.ts";
import { Problem } from "./problem.ts";
import { timely } from "./timely.ts";

/** How much of a body, and how slowly. */
export interface BodyLimits {
  readonly clock: Clock;
  readonly bodyBytes: number;
  /** How long a whole body may take, or each line of one that goes on for ever. */
  readonly bodyMs: number;
}

/**
 * The whole body of a request.
 *
 * @throws {Problem} 413 as soon as it is clear that there are more than `bodyBytes`; 408 after `bodyMs`
 */
export async function readBody(
  request: Request,
  { clock, bodyBytes, bodyMs }: BodyLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length")) > bodyBytes) throw tooLarge("the body", bodyBytes);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of timely(request.body, { clock, limitMs: bodyMs, renewed: false })) {
    bytes += chunk.length;
    if (bytes > bodyBytes) throw tooLarge("the body", bodyBytes); // leaving the loop cancels the body
    chunks.push(chunk);
  }
  return joined(chunks, bytes);
}

/** Chunks as one. */
export function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** 413, naming the limit. */
export function tooLarge(what: string, limitBytes: number): Problem {
  return new Problem(413, "BODY_TOO_LARGE", `${what} is larger than ${limitBytes} bytes`, {
    members: { limitBytes },
  });
}
