import type { Clock } from "../core/mod.ts";
import { Problem } from "./problem.ts";

const NEWLINE = 10;

/** How long to wait. */
export interface Patience {
  readonly clock: Clock;
  /** Time that may be spent on waiting for the client; what the reader does between two chunks doesn't count. */
  readonly limitMs: number;
  /** Whether each end of a line renews it. */
  readonly renewed: boolean;
}

/**
 * The chunks of a body, which must come in time.
 *
 * @throws {Problem} 408 when they don't
 */
export async function* timely(
  body: ReadableStream<Uint8Array> | null,
  { clock, limitMs, renewed }: Patience,
): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  let leftMs = limitMs;
  try {
    while (true) {
      const begun = clock.monotonic();
      const { done, value } = await within(reader.read(), { clock, ms: leftMs });
      if (done) return;
      const line = renewed && value.includes(NEWLINE);
      leftMs = line ? limitMs : leftMs - (clock.monotonic() - begun);
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {}); // of a body that has ended, nothing
  }
}

function within<T>(promise: Promise<T>, { clock, ms }: { clock: Clock; ms: number }): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(Math.max(ms, 0), () => reject(tooSlow()));
    promise.then(resolve, reject).finally(() => timer.cancel());
  });
}

function tooSlow(): Problem {
  return new Problem(408, "BODY_TOO_SLOW", "the body, or its next line, took too long to come");
}
