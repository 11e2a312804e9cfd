import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { after, before, describe, it } from "node:test";
import { openRegistry, type Registry } from "../../src/registry/mod.ts";
import { type Server, startEtcd } from "../registry/server.ts";
import { launch, type Program, shopfloor } from "./program.ts";
import { startUpstream, type TestUpstream } from "./upstream.ts";

const TTL = { ttlMs: 10_000 };
const GREETING = /^Gateway at (http:\/\/\S+) to .* \(Ctrl-C ends\)$/m;

/** An endpoint that is in use answers again within this time and this many answers of all. */
const UNUSED = { ms: 500, answers: 300 };

/** After this time of new answers, there are no old ones any more. */
const RELOADED_MS = 600;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("gateway", () => {
  let etcd: Server;
  let registry: Registry;
  let prefixes = 0;
  before(async () => void (etcd = await startEtcd()));
  after(() => etcd[Symbol.asyncDispose]());

  /** A gateway to services in a registry of their own. */
  async function open(services: string): Promise<{ program: Program; url: string }> {
    const at = `etcd://${etcd.host}/gateway${prefixes++}`;
    registry = openRegistry(at);
    const program = launch(["gateway", "--registry", at, "--services", services, "--port", "0"]);
    const [, url] = await program.written(GREETING);
    return { program, url };
  }

  async function end(program: Program, signal: "SIGINT" | "SIGTERM" = "SIGTERM"): Promise<void> {
    await registry.close();
    program.signal(signal);
    const { code, stderr } = await program.outcome;
    assert.equal(code, 0, stderr);
  }

  it("sends each service's requests to its endpoints, and nothing else", async () => {
    const { program, url } = await open("cameras,scales.v2");
    const [camera, scale] = [await startUpstream(), await startUpstream()];
    await registry.register("cameras", { url: camera.url }, TTL);
    await registry.register("scales.v2", { url: scale.url }, TTL);
    await answers(`${url}/cameras/`, 200);
    await answers(`${url}/scales.v2/`, 200);
    const response = await fetch(`${url}/scales.v2/package.Scales/Weigh?x=%2F`, {
      method: "POST",
      body: "12",
    });
    const { host: _, port, ...seen } = await response.json();
    assert.deepEqual(seen, { method: "POST", path: "/package.Scales/Weigh?x=%2F", body: "12" });
    assert.equal(`http://127.0.0.1:${port}`, scale.url);
    assert.equal((await fetch(`${url}/nowhere/`)).status, 404);
    assert.equal((await fetch(`${url}/scalesxv2/`)).status, 404);
    await end(program);
    await assert.rejects(fetch(url), "nginx is still there");
    camera.crash();
    scale.crash();
  });

  it("answers 503 while a service has no endpoint", async () => {
    const { program, url } = await open("cameras");
    const response = await fetch(`${url}/cameras/`);
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "1");
    await response.body?.cancel();
    await end(program, "SIGINT");
  });

  it("loses no request while endpoints come and go", async () => {
    const { program, url } = await open("cameras");
    const first = await startUpstream({ delayMs: 5 });
    await registry.register("cameras", { url: first.url }, TTL);
    await answers(`${url}/cameras/`, 200);
    const load = startLoad(`${url}/cameras/photo`, ["GET", "POST"]);
    await Promise.all([0, 1, 2].map(async (turn) => {
      await pause(turn * 300);
      for (let round = 0; round < 3; round++) {
        const upstream = await startUpstream({ delayMs: 5 });
        const registration = await registry.register("cameras", { url: upstream.url }, TTL);
        await until(() => upstream.answered > 0, "a new endpoint is used");
        await registration.close();
        await unused(upstream, load);
        await upstream.close();
      }
    }));
    const { answered, failures } = await load.stop();
    assert.deepEqual(failures, []);
    assert.ok(answered > 100, `${answered} answers`);
    await end(program);
    await first.close();
  });

  it("passes over an endpoint that crashes, and keeps what is known while the registry is down", async () => {
    const { program, url } = await open("cameras");
    const [stays, crashes] = [await startUpstream(), await startUpstream()];
    await registry.register("cameras", { url: stays.url }, TTL);
    await registry.register("cameras", { url: crashes.url }, TTL);
    await answers(`${url}/cameras/`, 200);
    const load = startLoad(`${url}/cameras/photo`, ["GET"]);
    await until(() => stays.answered > 0 && crashes.answered > 0, "both endpoints are used");
    await etcd.kill();
    crashes.crash();
    await program.written(/registry: .*trying again/);
    await pause(1_000);
    await etcd.start();
    const { failures } = await load.stop();
    assert.deepEqual(failures, []);
    await end(program);
    await stays.close();
  });

  it("leaves out endpoints that it can't send to, and says so", async () => {
    const { program, url } = await open("cameras");
    const good = await startUpstream();
    const bad = [
      "https://127.0.0.1:1",
      "http://127.0.0.1:1/path",
      "http://no-such-host.invalid:1",
      "urn:x:y",
    ];
    for (const url of bad) await registry.register("cameras", { url }, TTL);
    await registry.register("cameras", { url: good.url.replace("127.0.0.1", "localhost") }, TTL);
    await answers(`${url}/cameras/`, 200);
    await end(program);
    const { stderr } = await program.outcome;
    for (const url of bad) assert.ok(stderr.includes(`gateway: cameras: ${url}: `), url);
    await good.close();
  });

  const wrong: [args: string[], line: RegExp][] = [
    [["--services", "a"], /gateway needs a registry/],
    [["--registry", "etcd://127.0.0.1:1"], /gateway needs services/],
    [["--registry", "redis://a", "--services", "a"], /option --registry: .*etcd:\/\/HOST:PORT/],
    [["--registry", "memory:a", "--services", "a"], /option --registry: .*inside of one process/],
    [["--registry", "etcd://127.0.0.1:1", "--services", "a;b"], /option --services: .*must be of letters/],
  ];
  for (const [args, line] of wrong) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { code, stderr } = await shopfloor(["gateway", ...args]);
      assert.match(stderr, line);
      assert.equal(code, 2);
    });
  }

  it("says in one line that nginx isn't there, or the port is taken", async () => {
    const args = ["gateway", "--registry", `etcd://${etcd.host}/wrong`, "--services", "a"];
    const missing = await shopfloor([...args, "--port", "0", "--nginx", "/nowhere/nginx"]);
    assert.match(missing.stderr, /^shopfloor: option --nginx: \/nowhere\/nginx can't be run: [^\n]*\n$/);
    assert.equal(missing.code, 2);
    const listener = createServer((socket) => socket.destroy());
    await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
    const { port } = listener.address() as { port: number };
    const taken = await shopfloor([...args, "--port", `${port}`]);
    assert.match(taken.stderr, /^shopfloor: option --port: \d+ is taken[^\n]*\n$/);
    assert.equal(taken.code, 2);
    await new Promise((closed) => listener.close(closed));
  });
});

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 20_000; !condition();) {
    assert.ok(Date.now() < end, `not in time: ${what}`);
    await pause(20);
  }
}

/** Resolves when a gateway sends nothing to an endpoint any more, though it has enough to send. */
async function unused(upstream: TestUpstream, load: Load): Promise<void> {
  const count = () => ({ its: upstream.answered, all: load.answered, at: Date.now() });
  let last = count();
  await until(() => {
    const now = count();
    if (now.its !== last.its) last = now;
    return now.at - last.at > UNUSED.ms && now.all - last.all > UNUSED.answers;
  }, "an endpoint that has gone is left alone");
}

/**
 * Resolves when a URL is answered with a status, and has been for a while: processes of nginx from before a reload
 * accept connections beside the new ones for a tenth of a second.
 */
async function answers(url: string, status: number): Promise<void> {
  let since = Infinity;
  for (const end = Date.now() + 20_000; Date.now() - since < RELOADED_MS;) {
    const response = await fetch(url);
    await response.body?.cancel();
    if (response.status !== status) since = Infinity;
    else since = Math.min(since, Date.now());
    assert.ok(Date.now() < end, `${url} answers ${response.status}`);
    await pause(20);
  }
}

/** Connections that are used again, and no second attempts: those of `fetch` would hide what is lost. */
const AGENT = new Agent({ keepAlive: true });

function send(url: string, { method, body = "" }: { method: string; body?: string }) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const headers = { "content-length": body.length };
    const sent = request(url, { agent: AGENT, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => void (text += part));
      response.on("end", () => resolve({ status: response.statusCode!, text })).on("error", reject);
    });
    sent.on("error", reject).end(body);
  });
}

interface Load {
  /** Requests that were answered as they should be. */
  readonly answered: number;
  stop(): Promise<{ answered: number; failures: readonly string[] }>;
}

/** Sends requests from several clients until it is stopped, and remembers what was not answered as it should be. */
function startLoad(url: string, methods: readonly string[]): Load {
  let stopped = false;
  let answered = 0;
  const failures: string[] = [];
  const client = async (number: number) => {
    for (let count = 0; !stopped; count++) {
      const method = methods[count % methods.length];
      const body = method === "GET" ? undefined : `${number} ${count}`;
      try {
        const { status, text } = await send(url, { method, body });
        if (status === 200 && JSON.parse(text).body === (body ?? "")) answered++;
        else failures.push(`${method}: ${status} ${text}`);
      } catch (error) {
        failures.push(`${method}: ${error}`);
      }
    }
  };
  const clients = Array.from({ length: 16 }, (_, number) => client(number));
  return {
    get answered() {
      return answered;
    },
    stop: async () => {
      stopped = true;
      await Promise.all(clients);
      return { answered, failures };
    },
  };
}
