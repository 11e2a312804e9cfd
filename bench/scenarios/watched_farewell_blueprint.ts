/**
 * The watched devices, whose workers have a last word.
 *
 * @module
 */

import type { Blueprint } from "../../mod.ts";
import { watched } from "./watched_blueprint.ts";

const blueprint: Blueprint = watched({ farewell: true });
export default blueprint;
