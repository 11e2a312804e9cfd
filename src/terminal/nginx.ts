import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { ShopfloorError, sleep, systemClock } from "../core/mod.ts";
import { DRAIN_MS, GATEWAY_LOG_LINES, START_MS } from "../core/limits.ts";
import { UsageError } from "./usage_error.ts";

/** Where nginx is to listen, and which nginx it is. */
export interface NginxOptions {
  readonly binary: string;
  readonly host: string;
  readonly port: number;
}

/** How often it is looked at whether nginx listens. */
const LOOK_MS = 20;

/** An nginx of this program's own, in a folder of its own: started, reloaded, stopped. */
export class Nginx {
  /** For the configuration. */
  readonly folder: string = mkdtempSync(join(tmpdir(), "shopfloor-gateway-"));
  readonly #options: NginxOptions;
  readonly #log: string[] = [];
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #stopping = false;
  readonly #failed = Promise.withResolvers<never>();

  constructor(options: NginxOptions) {
    this.#options = options;
    chmodSync(this.folder, 0o711); // nginx's workers may run as somebody else, and keep large bodies there
    this.#failed.promise.catch(() => {});
  }

  /** Rejects when nginx ends without having been told to. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** Starts with a configuration; resolves when it listens. @throws {UsageError} when it can't */
  async start(configuration: string): Promise<void> {
    const { host, port } = this.#options;
    if (await accepts(host, port)) throw new UsageError(`option --port: ${port} is taken on ${host}`);
    await this.#accept(configuration);
    const child = this.#child = this.#spawn([]);
    this.#exited = new Promise((resolve) => {
      child.on("exit", (code, signal) => {
        resolve();
        if (this.#stopping) return;
        const last = this.#lastWord() ?? "without a word";
        this.#failed.reject(new ShopfloorError(`gateway: nginx ended (${signal ?? code}): ${last}`));
      });
    });
    await Promise.race([this.#listening(), this.failed]);
  }

  /**
   * Takes over another configuration: new processes begin, old ones finish what they have.
   *
   * @throws {UsageError} when nginx refuses it; the one before stays
   */
  async reload(configuration: string): Promise<void> {
    await this.#accept(configuration);
    process.kill(this.#child!.pid!, "SIGHUP");
  }

  /** Lets nginx finish what it has, for a while, and removes what it left. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child?.pid !== undefined) {
      this.#signal("SIGQUIT");
      const timer = systemClock.after(DRAIN_MS, () => this.#signal("SIGTERM")); // which ends its workers too
      await this.#exited;
      timer.cancel();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(this.#child!.pid!, signal);
    } catch { /* it has ended already */ }
  }

  /** Lets nginx judge a configuration before it is put where the running one reads it. */
  async #accept(configuration: string): Promise<void> {
    const candidate = join(this.folder, "candidate.conf");
    writeFileSync(candidate, configuration);
    const child = this.#spawn(["-t", "-q"], candidate);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", (cause) => {
        reject(
          new UsageError(`option --nginx: ${this.#options.binary} can't be run: ${cause.message}`, cause),
        );
      });
      child.on("close", resolve);
    });
    if (code !== 0) {
      throw new UsageError(`gateway: nginx refuses: ${this.#lastWord() ?? `exit code ${code}`}`);
    }
    renameSync(candidate, this.#configuration);
  }

  /** What nginx said of its trouble; the line behind it only says that there was one. */
  #lastWord(): string | undefined {
    return this.#log.findLast((line) => /\[(?:emerg|alert|crit)\]/.test(line)) ?? this.#log.at(-1);
  }

  get #configuration(): string {
    return join(this.folder, "nginx.conf");
  }

  #spawn(args: readonly string[], configuration: string = this.#configuration): ChildProcess {
    const child = spawn(this.#options.binary, [...args, "-p", this.folder, "-c", configuration], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#log.push(...text.split("\n").filter((line) => line !== ""));
      this.#log.splice(0, this.#log.length - GATEWAY_LOG_LINES);
    });
    return child;
  }

  async #listening(): Promise<void> {
    const { host, port } = this.#options;
    const late = AbortSignal.timeout(START_MS);
    while (!await accepts(host, port)) await sleep(systemClock, LOOK_MS, late);
  }
}

/** Whether somebody accepts connections there. */
function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}
