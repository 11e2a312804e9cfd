import { type Clock, every, type Timer } from "../core/mod.ts";
import { problemOf } from "./failures.ts";
import { jsonOf } from "./json.ts";

/** How a stream of events is sent. */
export interface EventStreamOptions {
  readonly clock: Clock;
  readonly heartbeatMs: number;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  /** Called once, when the stream has ended, by whatever side. */
  readonly ended: () => void;
}

/** The headers of a Server-Sent Event stream. */
export const EVENT_STREAM_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "x-accel-buffering": "no", // nginx would collect events otherwise
};

/**
 * Values as Server-Sent Events, each as the JSON `data` of an unnamed event. The next value is asked for only when
 * the client has taken the one before. A failure of the source is sent as an event named `error`, with a problem
 * document, and ends the stream.
 *
 * @param open begins the values; its signal aborts when the client has gone
 */
export function eventStream(
  open: (signal: AbortSignal) => AsyncIterable<unknown>,
  options: EventStreamOptions,
): Response {
  return new Response(new ReadableStream(new EventSender(open, options)), { headers: EVENT_STREAM_HEADERS });
}

class EventSender implements UnderlyingDefaultSource<Uint8Array> {
  readonly #options: EventStreamOptions;
  readonly #gone = new AbortController();
  readonly #values: AsyncIterator<unknown>;
  readonly #encoder = new TextEncoder();
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #heartbeat?: Timer;
  #ended = false;

  constructor(open: (signal: AbortSignal) => AsyncIterable<unknown>, options: EventStreamOptions) {
    this.#options = options;
    this.#values = open(this.#gone.signal)[Symbol.asyncIterator]();
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { clock, heartbeatMs, signal } = this.#options;
    this.#controller = controller;
    this.#send(": open\n\n"); // so that the headers leave at once
    // A reader that is behind has enough to read.
    this.#heartbeat = every(clock, heartbeatMs, () => {
      if ((controller.desiredSize ?? 0) > 0) this.#send(": still here\n\n");
    });
    signal.addEventListener("abort", this.#close, { once: true });
    if (signal.aborted) this.#close();
  }

  async pull(): Promise<void> {
    try {
      const { done, value } = await this.#values.next();
      if (done) return this.#close();
      this.#send(`data: ${jsonOf(value)}\n\n`);
    } catch (error) {
      this.#send(`event: error\ndata: ${JSON.stringify(problemOf(error).document())}\n\n`);
      this.#close();
    }
  }

  cancel(): void {
    this.#end();
  }

  #send(text: string): void {
    if (!this.#ended) this.#controller.enqueue(this.#encoder.encode(text));
  }

  readonly #close = (): void => {
    if (this.#ended) return;
    this.#end();
    this.#controller.close();
  };

  #end(): void {
    this.#ended = true;
    this.#heartbeat?.cancel();
    this.#options.signal.removeEventListener("abort", this.#close);
    this.#gone.abort();
    // Not awaited: a generator answers only when the value under way has come.
    this.#values.return?.().catch(() => {});
    this.#options.ended();
  }
}
