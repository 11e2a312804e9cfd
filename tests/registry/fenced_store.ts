import { createServer } from "node:http";

/** Who has written for a class. */
export interface Writer {
  readonly member: number;
  readonly token: number;
  /** When it wrote first and last, by `performance.now()`. */
  readonly since: number;
  last: number;
}

/** A store that refuses writes with a lower token than it has seen. */
export interface FencedStore extends AsyncDisposable {
  readonly url: string;
  /** The writers of each class whose writes were taken, in order. */
  readonly writers: ReadonlyMap<string, readonly Writer[]>;
  /** Writes that came too late to be taken. */
  readonly refused: number;
  /** Two members with the same token, which must not be. */
  readonly doubled: number;
  /** The classes that each member has written for since a moment. */
  holders(since: number): Map<number, string[]>;
}

/** Starts one. */
export async function startFencedStore(): Promise<FencedStore> {
  const writers = new Map<string, Writer[]>();
  let [refused, doubled] = [0, 0];
  const write = ({ name, token, member }: { name: string; token: number; member: number }): number => {
    const all = writers.get(name) ?? [];
    writers.set(name, all);
    const now = performance.now();
    const current = all.at(-1);
    if (current && token < current.token) {
      refused++;
      return 409;
    }
    if (current?.token === token) {
      if (current.member !== member) doubled++;
      current.last = now;
    } else {
      all.push({ member, token, since: now, last: now });
    }
    return 200;
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (bytes) => void (body += bytes));
    request.on("end", () => {
      response.statusCode = write(JSON.parse(body));
      response.end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    writers,
    get refused() {
      return refused;
    },
    get doubled() {
      return doubled;
    },
    holders(since) {
      const holders = new Map<number, string[]>();
      for (const [name, all] of writers) {
        const { member, last } = all.at(-1)!;
        if (last > since) holders.set(member, [...holders.get(member) ?? [], name]);
      }
      return holders;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
