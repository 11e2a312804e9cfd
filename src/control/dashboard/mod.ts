/**
 * The dashboard: a page for people, of plain files in `client/` that browsers run as they are. They are published
 * inside of a module, for a package can't read files that lie beside its modules.
 *
 * @module
 */

export { FILES } from "./files.ts";
