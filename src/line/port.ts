/**
 * One end of a channel, real or in memory.
 *
 * @module
 */

/** One end of a two-way channel that keeps order and moves buffers rather than copying them. */
export interface Port {
  /** Sends; the buffers in `transfer` are gone from here afterwards. Posting to a closed port does nothing. */
  post(message: unknown, transfer?: ArrayBuffer[]): void;
  /** Sets the one receiver; messages that came before wait for it. */
  listen(receive: (message: unknown) => void): void;
  close(): void;
}

/** A MessagePort as a {@link Port}. */
export function portOf(port: MessagePort): Port {
  return {
    post(message, transfer) {
      if (transfer) port.postMessage(message, transfer);
      else port.postMessage(message);
    },
    listen(receive) {
      port.onmessage = (event) => receive(event.data); // setting onmessage starts the port on both runtimes
    },
    close() {
      port.onmessage = null;
      port.close();
    },
  };
}
