/**
 * Installs the servers, the browser and the checker that the tests start, from Debian's packages, unless they are
 * there. `npm test` runs it first. Plain JavaScript: it has to run on Node, before anything is installed.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/** What the tests start, and the package that has it. */
const PROGRAMS = {
  "chromium": "chromium",
  "etcd": "etcd-server",
  "nats-server": "nats-server",
  "nginx": "nginx-light",
  "initdb": "postgresql",
  "promtool": "prometheus",
};

const missing = Object.keys(PROGRAMS).filter((program) => !found(program));
if (missing.length > 0) install(missing.map((program) => PROGRAMS[program]));

/** @param {string} program */
function found(program) {
  const postgres = "/usr/lib/postgresql";
  const versions = existsSync(postgres)
    ? readdirSync(postgres).map((name) => join(postgres, name, "bin"))
    : [];
  const places = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", ...versions];
  return places.some((place) => existsSync(join(place, program)));
}

/** @param {string[]} packages */
function install(packages) {
  const root = process.getuid?.() === 0;
  const apt = (...args) => {
    const command = root ? ["apt-get", ...args] : ["sudo", "-n", "apt-get", ...args];
    // Run level 1: nobody needs the servers running, the tests start their own.
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    return spawnSync(command[0], command.slice(1), { stdio: ["ignore", "ignore", "inherit"], env }).status ===
      0;
  };
  console.log(`tests: installing ${packages.join(", ")}`);
  if (apt("update", "-q") && apt("install", "-q", "-y", "--no-install-recommends", ...packages)) return;
  console.error(
    `tests: they start real servers and a browser, and these are missing: install ${packages.join(", ")} ` +
      "(Debian's names), then run the tests again",
  );
  process.exit(1);
}
