/**
 * The same as for a million workers, with a contract that lapses soon: for the small form.
 *
 * @module
 */

import type { Blueprint } from "../../mod.ts";
import { crowd } from "./crowd.ts";

const blueprint: Blueprint = crowd({ idleMs: 1_000 });
export default blueprint;
