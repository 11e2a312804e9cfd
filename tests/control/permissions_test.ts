import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { runtimeName } from "../../src/platform/mod.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { tasks } = JSON.parse(readFileSync(join(root, "deno.json"), "utf8"));
const command: string = tasks.start.command;

describe("deno task start", () => {
  it("asks for nothing that it could do without, and for nothing whole", () => {
    const flags = command.split(" ").filter((word) => word.startsWith("-"));
    assert.deepEqual(flags.map((flag) => flag.split("=")[0]), [
      "--allow-read",
      "--allow-write",
      "--allow-net",
      "--allow-env",
    ]);
    for (const flag of flags) assert.match(flag, /=[^=]+$/);
    for (const path of /--allow-write=(\S+)/.exec(command)![1].split(",")) {
      assert.ok(!["/", ".", "", "src"].includes(path), path);
    }
  });

  it("runs the demo with these, and every endpoint answers", async (t) => {
    if (runtimeName() !== "deno") return t.skip("Bun has no permissions, and no deno.json tasks");
    const data = mkdtempSync(join(tmpdir(), "shopfloor-permissions-"));
    const args = ["task", "--quiet", "start", "--port", "0", "--workshops", "1", "--json", "--data", data];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const errors = collected(child);
    try {
      const url = await urlOf(child, errors);
      for (const path of PATHS) {
        const response = await fetch(url + path);
        assert.ok(response.ok, `${path}: ${response.status} ${await response.clone().text()}`);
        await response.body?.cancel();
      }
      const committed = await fetch(`${url}/v1/factory/checkpoint`, { method: "POST" });
      assert.ok((await committed.json()).epoch > 0);
      child.kill("SIGTERM");
      const [code] = await once(child, "close");
      assert.ok(code === 0 || code === null, errors.join("")); // Deno takes the signal that it sent for the end's cause
      assert.match(errors.join(""), /SIGTERM: finishing what was bought/);
      assert.doesNotMatch(errors.join(""), /NotCapable|Requires \w+ access/);
    } finally {
      if (child.exitCode === null && child.signalCode === null) { // a task hands on what can be handed on
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      rmSync(data, { recursive: true, force: true });
    }
  });
});

const PATHS: readonly string[] = [
  "/",
  "/docs",
  "/openapi.json",
  "/livez",
  "/readyz",
  "/metrics",
  "/v1/factory",
  "/v1/lines",
  "/v1/workshops",
  "/v1/workers?limit=1",
  "/v1/procurement",
  "/v1/warehouse",
  "/v1/inspections/latest",
  "/v1/dead-letters",
];

function collected(child: ChildProcess): string[] {
  const chunks: string[] = [];
  child.stderr!.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  return chunks;
}

/** The first line that it prints says where it is. Rejects if it ends before. */
async function urlOf(child: ChildProcess, errors: readonly string[]): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const line = await Promise.race([
    once(lines, "line").then(([line]) => line as string),
    once(child, "exit").then(() => Promise.reject(new Error(`it ended: ${errors.join("")}`))),
  ]);
  const { url } = JSON.parse(line);
  assert.equal(typeof url, "string");
  for (let tries = 0; (await fetch(`${url}/v1/inspections/latest`)).status === 503 && tries < 200; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return url;
}
