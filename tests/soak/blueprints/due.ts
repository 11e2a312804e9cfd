/**
 * Accidents that somebody outside has ordered: a file `<where> <how> <number>` in the folder `settings.scratch`
 * happens to the first Web Worker of that department that finds it.
 */

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../../../mod.ts";
import { ACCIDENTS } from "../../system/blueprints/accidents.ts";

/** Items between two looks at the folder. */
const STRIDE = 16;

let calls = 0;

/** Has an accident, if one is due in this department. */
export function accident(where: string, settings: Settings | undefined): void {
  if (settings?.scratch === undefined || calls++ % STRIDE !== 0) return;
  const folder = String(settings.scratch);
  const name = readdirSync(folder).find((name) => name.startsWith(where));
  if (name === undefined || !taken(join(folder, name))) return;
  ACCIDENTS[name.split(" ")[1]]();
}

/** Whether it was this Web Worker that took the file away. */
function taken(path: string): boolean {
  try {
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}
