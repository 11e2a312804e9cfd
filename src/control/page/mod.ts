/**
 * The page, as strings: a package of modules can't read asset files beside it. One module for each asset.
 *
 * @module
 */

export { CLIENT_SCRIPT } from "./client_script.ts";
export { DOCUMENT } from "./document.ts";
export { FORMAT_SCRIPT } from "./format_script.ts";
export { MAIN_SCRIPT } from "./main_script.ts";
export { STREAM_SCRIPT } from "./stream_script.ts";
export { STYLE } from "./style.ts";
export { VIEW_SCRIPT } from "./view_script.ts";
