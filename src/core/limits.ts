/**
 * Every bound of the factory, each with its reason. Nothing in Shopfloor grows without one of these.
 *
 * @module
 */

/** Slots that keys hash to; whole slots move between workshops. A power of two, so that a mask finds the slot. */
export const SLOTS: number = 256;

/** Most workshops: more than any one machine's cores, and well under the number of slots. */
export const MAX_WORKSHOPS: number = 64;

/** Bytes that a batch aims for: below this messages dominate, above it Bun's transfers slow down. */
export const BATCH_BYTES: number = 65_536;

/** Rows after which a batch is sealed however small they are, so that no batch takes a workshop too long. */
export const BATCH_ROWS: number = 2_048;

/** Largest single item, in encoded bytes. A batch grows to hold one such item, never two. */
export const ITEM_BYTES: number = 16 * 1024 * 1024;

/** Largest key, in UTF-16 code units: keys are kept for every live worker. */
export const KEY_UNITS: number = 1_024;

/** Batches in flight on a line unless the options say otherwise. */
export const LINE_BATCHES: number = 8;

/** Spent buffers that a sender keeps for reuse. */
export const SPARE_BUFFERS: number = 16;

/** Longest time that an item waits in an unfinished batch. */
export const LINGER_MS: number = 5;

/** Items waiting on workers' belts in one workshop; beyond, the workshop grants no more credit. */
export const BELT_ITEMS: number = 65_536;

/** Bytes of batches that still have items waiting on belts; beyond, no more credit. */
export const BELT_BYTES: number = 32 * 1024 * 1024;

/** Bytes that one turn may ship before it fails: a turn's products stay together until it ends. */
export const TURN_BYTES: number = 64 * 1024 * 1024;

/** Asynchronous turns running at once in one workshop unless the blueprint says otherwise. */
export const TURN_CONCURRENCY: number = 1_000;

/** A turn's deadline unless the blueprint says otherwise. */
export const TURN_TIMEOUT_MS: number = 30_000;

/** Live workers of one workshop unless the contract says otherwise: about 200 MB of roster. */
export const ROSTER_WORKERS: number = 4_000_000;

/** Idle contract unless the blueprint says otherwise. */
export const CONTRACT_IDLE_MS: number = 60_000;

/** Bytes of products in the warehouse; beyond, transport grants no more credit. */
export const WAREHOUSE_BYTES: number = 32 * 1024 * 1024;

/** How long products wait in the warehouse at most before the driver leaves. */
export const DELIVERY_MS: number = 50;

/** Bytes of products that make the driver leave at once. */
export const DELIVERY_BYTES: number = 2 * 1024 * 1024;

/** How long the driver tries one delivery before the factory fails: long enough for a database to restart. */
export const DELIVERY_PATIENCE_MS: number = 120_000;

/** Rows handed to a sink in one call. */
export const DELIVERY_ROWS: number = 8_192;

/** Items in one chunk of a source: enough that a chunk's own cost vanishes, few enough to stay responsive. */
export const SOURCE_ITEMS: number = 1_024;

/** Bytes that a source reads at once from a file: reading costs nothing then, and two of them are held. */
export const READ_BYTES: number = 262_144;

/** How often a source that follows a file looks whether it has grown. */
export const FOLLOW_MS: number = 100;

/** How long a generator may keep the event loop from turning. One single step of it can't be cut short. */
export const GATHER_MS: number = 8;

/** How long the `finally` blocks of a generator may take when its source closes. */
export const GENERATOR_CLOSE_MS: number = 1_000;

/** Waiting pushes: items that callers of `push` have handed over and no line has taken. */
export const PUSH_ITEMS: number = 262_144;

/** An epoch unless the options say otherwise. */
export const EPOCH_MS: number = 1_000;

/** Longest error message, and longest stack, in a dead letter, in UTF-16 units. */
export const LETTER_UNITS: number = 65_536;

/** Epochs begun and not committed; beyond, procurement waits. */
export const OPEN_EPOCHS: number = 4;

/** How long a control call to a department may take before the department counts as failed. */
export const CALL_MS: number = 10_000;

/** How long a department's Web Worker may take to start. */
export const START_MS: number = 15_000;

/** How long a department may take to close before its Web Worker is ended. */
export const CLOSE_MS: number = 3_000;

/** How long a drain may take before the factory closes anyway. */
export const DRAIN_MS: number = 30_000;

/** Rejected items described one by one; beyond, only counted. */
export const REJECTIONS_SHOWN: number = 10;

/** Inspections kept as history: an hour. */
export const INSPECTIONS: number = 3_600;

/** Largest HTTP body unless the options say otherwise. */
export const BODY_BYTES: number = 8 * 1024 * 1024;

/** Open Server-Sent Event streams. */
export const SSE_CLIENTS: number = 256;

/** Events waiting for one slow reader of a product stream; beyond, they are dropped and counted. */
export const TAP_EVENTS: number = 1_024;

/** How long a closing server lets requests under way finish: a drain's own answer must still get out. */
export const SERVER_GRACE_MS: number = 2_000;

/** Between two signs of life on a silent event stream: proxies cut after 30 to 60 seconds. */
export const HEARTBEAT_MS: number = 15_000;

/** Request bodies being read at once: with `BODY_BYTES` each, what clients can make the server hold. */
export const INGESTIONS: number = 256;

/** Items that one request hands to procurement at a time. */
export const INGESTION_ITEMS: number = 1_024;

/** Bytes of such a portion, so that large items make small ones: about what one network read brings on Bun. */
export const INGESTION_BYTES: number = 1024 * 1024;

/** How long lines may stay full, taking not one item, before a request is told to come again later. */
export const ADMISSION_MS: number = 5_000;

/** Rejected items described in one HTTP answer; beyond, only counted. */
export const REJECTIONS_ANSWERED: number = 1_000;

/** How long the store waits when another program holds a write lock on its database. */
export const STORE_BUSY_MS: number = 1_000;

/** Databases up to this size are checked page by page when opened, which takes about half a second. */
export const STORE_CHECK_BYTES: number = 256 * 1024 * 1024;

/** Pages of the database that the store keeps in memory: the states of some hundred thousand workers. */
export const STORE_CACHE_BYTES: number = 64 * 1024 * 1024;

/** What is left of the write-ahead log's file after a large epoch. */
export const STORE_LOG_BYTES: number = 64 * 1024 * 1024;

/** Rows of one INSERT statement: beyond, binding them costs more than the calls it saves. */
export const INSERT_ROWS: number = 32;

/** Values of one SQL statement: SQLite's own limit. */
export const SQL_VALUES: number = 32_766;

/** Committed epochs that the store remembers one by one: an hour. */
export const EPOCHS_KEPT: number = 3_600;

/** Dead letters in one page, and in one replay. */
export const DEAD_LETTERS_PAGE: number = 1_000;

/** Levels of nesting in a JSON value: deeper is a circle, or an attack on the stack. */
export const JSON_DEPTH: number = 128;

/** Problems of one item that are named; beyond, only counted. */
export const ISSUES_SHOWN: number = 10;

/** Distinct strings of a column up to which a batch keeps each once: its index then fits a byte. */
export const DICTIONARY_STRINGS: number = 256;

/** Decoded strings that each Web Worker keeps to hand out again: about 2 MB. A power of two. */
export const INTERNED_STRINGS: number = 16_384;

/** Longest string that is kept so, in bytes: longer ones seldom come again. */
export const INTERNED_BYTES: number = 40;

/** Scratch memory for encoding that is kept from batch to batch: several batches' worth, but no huge item's. */
export const SCRATCH_BYTES: number = 512 * 1024;
