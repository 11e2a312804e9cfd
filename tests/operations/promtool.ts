import { spawnSync } from "node:child_process";

/** What `promtool check …` says to `input`, empty if nothing; throws where there is no promtool. */
export function promtool(args: readonly string[], input?: string): string {
  const { error, status, stdout, stderr } = spawnSync("promtool", ["check", ...args], {
    input,
    encoding: "utf8",
  });
  if (error) throw new Error(`promtool (of the package prometheus) doesn't run: ${error.message}`);
  return status === 0 && stderr === "" ? "" : `exit code ${status}\n${stdout}${stderr}`;
}
