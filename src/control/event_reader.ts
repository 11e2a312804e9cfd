import { ControlError } from "./control_error.ts";

/** Begins a stream of events. */
type OpenStream = (
  init: { signal: AbortSignal },
) => Promise<{ readonly body: ReadableStream<Uint8Array> | null }>;

/**
 * The data of Server-Sent Events, until the stream ends, the loop is left or the signal aborts. The stream is opened
 * when the first is asked for.
 *
 * @throws {ControlError} what an event named `error` says
 */
export async function* eventsOf<T>(open: OpenStream, signal?: AbortSignal): AsyncGenerator<T> {
  const left = new AbortController();
  const end = () => left.abort(signal?.reason);
  if (signal?.aborted) return;
  signal?.addEventListener("abort", end, { once: true });
  try {
    const { body } = await open({ signal: left.signal });
    for await (const block of blocksOf(body)) {
      const event = eventIn(block);
      if (event !== undefined) yield event as T;
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    signal?.removeEventListener("abort", end);
    left.abort();
  }
}

/** Blocks of lines, without the empty line that ends each. */
async function* blocksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body ?? []) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
    rest = blocks.pop()!;
    yield* blocks;
  }
}

/** The data of an event; undefined of a comment. */
function eventIn(block: string): unknown {
  const fields = block.split("\n").map((line) => /^([^:]*):? ?(.*)$/.exec(line)!);
  const data = fields.filter(([, name]) => name === "data").map(([, , value]) => value);
  if (data.length === 0) return undefined;
  const value = JSON.parse(data.join("\n"));
  if (!fields.some(([, name, event]) => name === "event" && event === "error")) return value;
  const { detail, code, ...fieldsOfProblem } = value;
  throw new ControlError(detail, { code, fields: fieldsOfProblem });
}
