import { messageOf, ShopfloorError } from "../core/mod.ts";

/**
 * A control server refused, or couldn't be reached. `code` is the problem's own, such as `NOT_FOUND` or `BUSY`, or
 * `UNREACHABLE`; `fields` has the other members of the problem, and `retryAfterMs` where the server said when.
 */
export class ControlError extends ShopfloorError {
  /** The answer's status, 0 if there was none. */
  get status(): number {
    return typeof this.fields.status === "number" ? this.fields.status : 0;
  }
}

/**
 * The response, if it is a success.
 *
 * @throws {ControlError} saying what the server said
 */
export async function expectOk<R extends { readonly ok: boolean }>(response: R | Promise<R>): Promise<R> {
  const settled = await response;
  if (settled.ok) return settled;
  throw await refusalOf(settled as unknown as Response);
}

/** What to throw when a request came to nothing: the signal's own reason if it was ended. */
export function problemOf(
  cause: unknown,
  { url, signal }: { url: string; signal: AbortSignal | undefined },
): unknown {
  if (signal?.aborted) return signal.reason;
  const message = `ask ${url}: ${messageOf(cause)}`;
  return new ControlError(message, { code: "UNREACHABLE", fields: { url }, cause });
}

async function refusalOf(response: Response): Promise<ControlError> {
  const { status, headers } = response;
  const problem = await response.json().catch(() => ({})) as Record<string, unknown>;
  const { detail = `the server answered ${status}`, code = "HTTP_ERROR", type: _, title: __, ...members } =
    problem;
  const retryAfter = Number(headers.get("retry-after") ?? NaN);
  return new ControlError(String(detail), {
    code: String(code),
    fields: { ...members, status, ...retryAfter >= 0 ? { retryAfterMs: retryAfter * 1_000 } : {} },
  });
}
