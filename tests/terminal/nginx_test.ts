import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { Nginx } from "../../src/terminal/nginx.ts";
import { nginxConfiguration } from "../../src/terminal/nginx_configuration.ts";
import { freePorts } from "../registry/server.ts";
import { startUpstream } from "./upstream.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("Nginx", () => {
  /** An nginx before one endpoint; the configuration is another one each time it is asked for. */
  async function open() {
    const upstream = await startUpstream({ delayMs: 1 });
    const [port] = await freePorts(1);
    const place = { host: "127.0.0.1", port };
    const nginx = new Nginx({ binary: "nginx", ...place });
    let weight = 1;
    const configuration = () => {
      const server = { address: "127.0.0.1", port: Number(new URL(upstream.url).port), weight: weight++ };
      return nginxConfiguration({ ...place, folder: nginx.folder, services: new Map([["a", [server]]]) });
    };
    await nginx.start(configuration());
    const stop = async () => {
      await nginx.stop();
      await upstream.close();
    };
    return { nginx, port, configuration, [Symbol.asyncDispose]: stop };
  }

  it("loses nothing of what clients send again and again on their connections while it is reloaded", async () => {
    await using opened = await open();
    const { nginx, port, configuration } = opened;
    const clients = Array.from({ length: 32 }, () => new RawClient(port));
    for (let reload = 0; reload < 15; reload++) {
      await pause(200);
      await nginx.reload(configuration());
    }
    const ended = await Promise.all(clients.map((client) => client.stop()));
    const sum = (of: "answered" | "lost") => ended.reduce((total, client) => total + client[of], 0);
    assert.equal(sum("lost"), 0, `of ${sum("answered")}`);
    assert.ok(sum("answered") > 500, `${sum("answered")} answers`);
    await nginx.stop();
    assert.equal(existsSync(nginx.folder), false);
  });

  it("keeps the configuration that it has when another is refused", async () => {
    await using opened = await open();
    const { nginx, port, configuration } = opened;
    await assert.rejects(
      nginx.reload(configuration().replace("least_conn", "least_evil")),
      /nginx refuses: .*evil/,
    );
    await nginx.reload(configuration());
    assert.equal((await fetch(`http://127.0.0.1:${port}/a/`)).status, 200);
  });
});

const REQUEST = "POST /a/x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";

/**
 * A client that uses its connection for as long as it is told that it may, and tries nothing twice: clients that do
 * hide what is lost.
 */
class RawClient {
  answered = 0;
  lost = 0;
  readonly #port: number;
  readonly #running: Promise<void>;
  #stopped = false;

  constructor(port: number) {
    this.#port = port;
    this.#running = this.#run();
  }

  async stop(): Promise<this> {
    this.#stopped = true;
    await this.#running;
    return this;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) await this.#connection();
  }

  /** Resolves when the connection is over. */
  #connection(): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect({ host: "127.0.0.1", port: this.#port });
      let text = "";
      let waiting = true;
      const end = () => {
        if (waiting) this.lost++;
        waiting = false;
        socket.destroy();
        resolve();
      };
      socket.on("connect", () => socket.write(REQUEST)).on("error", () => {}).on("close", end);
      socket.setEncoding("latin1").on("data", (part: string) => {
        text += part;
        const [head, body] = text.split("\r\n\r\n");
        if (body === undefined || body.length < Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)) return;
        if (/^HTTP\/1\.1 200 /.test(head)) this.answered++;
        else this.lost++;
        waiting = false;
        if (this.#stopped || /^connection: close/im.test(head)) return end();
        text = "";
        waiting = true;
        socket.write(REQUEST);
      });
    });
  }
}
