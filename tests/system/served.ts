import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../mod.ts", import.meta.url));

/** A factory that serves, in a process of its own on the runtime that runs the tests. */
export interface Served {
  readonly url: string;
  /** Ends it as a failing machine would; resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to finish; resolves to its exit code. */
  drain(): Promise<number | null>;
}

/** Starts a blueprint on any free port; resolves when it serves. */
export async function serve(blueprint: URL, args: readonly string[]): Promise<Served> {
  const runtime = process.versions.bun ? ["run"] : ["run", "-A", "--quiet"];
  const child = spawn(
    process.execPath,
    [...runtime, PROGRAM, "start", fileURLToPath(blueprint), "--port", "0", "--json", ...args],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));
  const patience = setTimeout(() => process.kill(child.pid!, "SIGKILL"), 50_000);
  void ended.then(() => clearTimeout(patience));
  return {
    url: await urlOf(child, ended),
    kill: async () => {
      process.kill(child.pid!, "SIGKILL");
      await ended;
    },
    drain: () => {
      process.kill(child.pid!, "SIGTERM");
      return ended;
    },
  };
}

function urlOf(child: ChildProcess, ended: Promise<number | null>): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    child.stdout!.setEncoding("utf8").on("data", (more) => {
      const url = /"url":"([^"]+)"/.exec(text += more)?.[1];
      if (url) resolve(url);
    });
    void ended.then((code) => reject(new Error(`ended with ${code} before it served`)));
  });
}

/** Posts items as lines; resolves to the status, or undefined when the factory went away. */
export async function post(
  url: string,
  items: readonly unknown[],
  { key, committed }: { key?: string; committed?: boolean } = {},
): Promise<number | undefined> {
  try {
    const response = await fetch(`${url}/v1/materials${committed ? "?wait=commit" : ""}`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson", ...(key && { "idempotency-key": key }) },
      body: items.map((item) => `${JSON.stringify(item)}\n`).join(""),
    });
    const { status } = response;
    const { accepted } = await response.json() as { accepted: number };
    if (status < 300) assert.equal(accepted, items.length);
    return status;
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return undefined;
  }
}
