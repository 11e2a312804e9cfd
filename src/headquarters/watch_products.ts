/**
 * The watcher's end of a tap.
 *
 * @module
 */

import { OptionsError } from "../core/mod.ts";
import type { Port } from "../line/mod.ts";
import type { ProductEvent, TapAnswer, TapMessage } from "../transport/mod.ts";

/** Products as they leave the porter, until the loop is left, `signal` aborts or `closed` resolves. */
export async function* watchProducts(
  port: Port,
  { signal, onLost }: { signal: AbortSignal; onLost?: (events: number) => void },
): AsyncGenerator<ProductEvent, void, undefined> {
  const queue: (readonly ProductEvent[])[] = [];
  let wake = () => {};
  const answer = (seen: number) => port.post({ seen } satisfies TapAnswer);
  port.listen((message) => {
    const { events, lost } = message as TapMessage;
    queue.push(events); // bounded: the tap sends no more than it knows to be seen
    if (lost > 0) onLost?.(lost);
    wake();
  });
  const abort = () => wake();
  signal.addEventListener("abort", abort);
  try {
    while (!signal.aborted) {
      const events = queue.shift();
      if (events === undefined) {
        await new Promise<void>((resolve) => wake = resolve);
        continue;
      }
      for (const event of events) {
        if (signal.aborted) return;
        yield event;
      }
      answer(events.length);
    }
  } finally {
    signal.removeEventListener("abort", abort);
    answer(-1);
    port.close();
  }
}

/** Somebody wants to watch what isn't made. */
export function noSuchProduct(type: string, products: readonly string[]): OptionsError {
  return new OptionsError(`tap: there is no product "${type}"; there are ${products.join(", ")}`, {
    fields: { option: "type", found: type },
  });
}
