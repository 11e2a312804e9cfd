import { EVENT_STREAM_HEADERS, eventStream } from "./event_stream.ts";
import type { Reception } from "./reception.ts";

/** What to stream. */
export interface StreamOptions {
  readonly reception: Reception;
  /** Begins the values; the signal aborts when the client has gone. */
  readonly open: (signal: AbortSignal) => AsyncIterable<unknown>;
}

/**
 * Answers with a stream of events, which takes one of the streams' seats for as long as it lasts.
 *
 * @throws {Problem} 503 when there is no seat
 */
export function streamResponse(request: Request, { reception, open }: StreamOptions): Response {
  // Nobody would read, and so nobody would end, the body of an answer to HEAD.
  if (request.method === "HEAD") return new Response(null, { headers: EVENT_STREAM_HEADERS });
  const ended = reception.streams.take();
  const { clock, heartbeatMs, closing: signal } = reception;
  return eventStream(open, { clock, heartbeatMs, signal, ended });
}
