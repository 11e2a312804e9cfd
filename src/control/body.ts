import { Problem } from "./problem.ts";

/**
 * The whole body of a request.
 *
 * @throws {Problem} 413 as soon as it is clear that there are more than `limitBytes`
 */
export async function readBody(request: Request, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get("content-length")) > limitBytes) throw tooLarge("the body", limitBytes);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw tooLarge("the body", limitBytes); // leaving the loop cancels the body
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
