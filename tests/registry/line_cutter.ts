import { connect, createServer, type Socket } from "node:net";

/** A way to a server that can be cut, and that remembers what was sent on it. */
export interface LineCutter extends AsyncDisposable {
  /** Where to connect instead. */
  readonly host: string;
  /** How often a text was sent to the server. */
  sent(text: string): number;
  /** Ends every connection, as a network that fails would. New ones fail until {@link mend}. */
  cut(): void;
  mend(): void;
}

/** Stands before a server. */
export async function lineCutter(host: string): Promise<LineCutter> {
  const [hostname, port] = host.split(":");
  const sockets = new Set<Socket>();
  let broken = false;
  let log = "";
  const server = createServer((near) => {
    if (broken) return near.destroy();
    const far = connect(Number(port), hostname);
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", end).on("close", end);
    }
    near.on("data", (bytes) => void (log += bytes.toString("latin1")));
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const cut = () => {
    broken = true;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    host: `127.0.0.1:${(server.address() as { port: number }).port}`,
    sent: (text) => log.split(text).length - 1,
    cut,
    mend: () => void (broken = false),
    [Symbol.asyncDispose]: async () => {
      cut();
      await new Promise((closed) => server.close(closed));
    },
  };
}
