/**
 * The embedded store: an SQLite database in the data directory, with the products, the workers' states, the
 * sources' offsets, the committed epochs and the dead letters. What belongs together is committed together.
 *
 * @module
 */

export type {
  DeadLetterQuery,
  DeadLetters,
  DeadLetterSelection,
  NewDeadLetter,
  StoredDeadLetter,
} from "./dead_letters.ts";
export { type Committed, type EpochRecord, PUSHED } from "./epoch_log.ts";
export { guarded } from "./failure.ts";
export * from "./open_store.ts";
export type { Outbox, OutboxBatch, OutboxEpoch, OutboxParts } from "./outbox.ts";
export type { ProductInserter, ProductRows } from "./product_inserter.ts";
export * from "./state_reader.ts";
export type { Store } from "./store.ts";
export { OWED } from "./worker_states.ts";
export type { StoredState } from "./worker_states.ts";
