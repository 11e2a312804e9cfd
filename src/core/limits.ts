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

/** Rows handed to a sink in one call. */
export const DELIVERY_ROWS: number = 8_192;

/** Waiting pushes: items that callers of `push` have handed over and no line has taken. */
export const PUSH_ITEMS: number = 262_144;

/** An epoch unless the options say otherwise. */
export const EPOCH_MS: number = 1_000;

/** Epochs begun and not committed; beyond, procurement waits. */
export const OPEN_EPOCHS: number = 4;

/** How long a control call to a department may take before the department counts as failed. */
export const CALL_MS: number = 10_000;

/** How long a department's Web Worker may take to start. */
export const START_MS: number = 15_000;

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
