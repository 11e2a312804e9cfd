/**
 * Workers without a state of their own, hired, renewed and dismissed while others stay busy.
 *
 * @module
 */

import type { Blueprint } from "../../mod.ts";
import { crowd } from "./crowd.ts";

const blueprint: Blueprint = crowd({ idleMs: 10_000 });
export default blueprint;
