/**
 * A workshop: the director reads the line, the deputy runs turns, the supervisor watches them, the assistant
 * audits the roster, and the conveyor takes the products away.
 *
 * @module
 */

export type { WorkshopConfig } from "./config.ts";
export * from "./department.ts";
export { fromText as plainDataOf } from "./plain_text.ts";
export type { RosterPage, RosterQuery, WorkerReport } from "./report.ts";
