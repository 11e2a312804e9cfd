/**
 * Mock services in processes of their own.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { runtimeName } from "../../../src/platform/mod.ts";
import { benchPath } from "../../programs.ts";

/** Longest wait for a service to listen. */
const PATIENCE_MS = 20_000;

/** How a mock is started. */
export interface MockOptions {
  /** Another program than the one in TypeScript: the Go one, built. */
  readonly program?: string;
  /** Default: any that is free. A port that is to be used again later is one of {@link ownPort}. */
  readonly port?: number;
  /** How long an answer takes. Default 5. */
  readonly latencyMs?: number;
}

/** A process that answers `/raw` and `/compute`. */
export class Mock {
  readonly url: string;
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#process = child;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts one. @throws {Error} when it doesn't listen in time */
  static async start({ program, port = 0, latencyMs = 5 }: MockOptions = {}): Promise<Mock> {
    const args = ["--port", String(port), "--latency", String(latencyMs)];
    const [command, ...before] = program === undefined ? ownCommand() : [program];
    const child = spawn(command, [...before, ...args], { stdio: ["pipe", "pipe", "inherit"] });
    try {
      const lines = createInterface({ input: child.stdout! });
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const exit = once(child, "exit", { signal }).then(() => Promise.reject(new Error("it has ended")));
      exit.catch(() => {}); // it ends some day
      const [line] = await Promise.race([once(lines, "line", { signal }), exit]);
      return new Mock(child, Number(line));
    } catch (cause) {
      child.kill("SIGKILL");
      throw new Error(`the mock service ${command} ${args.join(" ")} doesn't listen`, { cause });
    }
  }

  /** So long its answers take from now on. */
  async slow(latencyMs: number): Promise<void> {
    const body = JSON.stringify({ ms: latencyMs });
    const answer = await fetch(`${this.url}/latency`, { method: "POST", body });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`the mock service answers /latency with ${answer.status}`);
  }

  /** Ends it, and every connection to it. */
  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }
}

/** A port that no system gives to whoever asks for any: it stays free when the service on it has ended. */
export function ownPort(): number {
  return 12_000 + Math.floor(Math.random() * 20_000);
}

function ownCommand(): string[] {
  const args = runtimeName() === "deno" ? ["run", "-A", "--quiet"] : ["run"];
  return [process.execPath, ...args, benchPath("scenarios/dispatch/service.ts")];
}
