import process from "node:process";

/** Name of the runtime: `deno` or `bun`; `node` where it is neither. */
export function runtimeName(): "deno" | "bun" | "node" {
  const { deno, bun } = process.versions;
  return deno !== undefined ? "deno" : bun !== undefined ? "bun" : "node";
}

/** Name and version of the runtime, for reports: `deno 2.9.6`, `bun 1.4.5`. */
export function runtimeVersion(): string {
  const name = runtimeName();
  return `${name} ${process.versions[name]}`;
}
