import { createServer, type Server } from "node:http";

/** A service's endpoint in this process, which says who it is. */
export interface TestUpstream {
  readonly url: string;
  /** Requests that it has answered. */
  readonly answered: number;
  /** Finishes what it has and closes. */
  close(): Promise<void>;
  /** Hangs up on everybody, at once. */
  crash(): void;
}

/** Starts one. It answers what was sent to it, after a while. */
export async function startUpstream({ delayMs = 0 } = {}): Promise<TestUpstream> {
  let answered = 0;
  const server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => void (body += text));
    request.on("end", () => {
      setTimeout(() => {
        answered++;
        const { method, url, headers } = request;
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ method, path: url, body, host: headers.host, port }));
      }, delayMs);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    get answered() {
      return answered;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeIdleConnections();
      }),
    crash: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
