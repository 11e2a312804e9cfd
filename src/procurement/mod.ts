/**
 * Procurement: buys material from the source and from whoever pushes, and fills the lines.
 *
 * @module
 */

export * from "./department.ts";
export type { Push, PushOutcome, PushTerms } from "./push.ts";
