/**
 * Calling services from a worker: one client for each service of a workshop, with connections kept alive, deadlines
 * that travel along, a limit that adapts to the service, and endpoints that are compared, spared and tried again.
 *
 * @module
 */

export * from "./service.ts";
export * from "./switchboard.ts";
export { addressOf } from "./address.ts";
export type { Directory, OpenRegistry } from "./discovery.ts";
