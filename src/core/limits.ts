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

/**
 * Bytes that wait for a line without credit, if the blueprint has an affinity and isn't durable: so far a class that
 * stalls doesn't hold up the others. Half of what its workshop's belts hold.
 */
export const OVERDRAFT_BYTES: number = 16 * 1024 * 1024;

/** Classes that a blueprint may declare: each still has four slots. */
export const CLASSES: number = 64;

/** Blocks of slots where classes aren't declared: enough for a few classes, with slots enough for any machine. */
export const CLASS_BLOCKS: number = 16;

/** Longest name of a class, in UTF-16 units: it is a metric's label. */
export const CLASS_UNITS: number = 64;

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

/** How long one call of a sink may take unless the sink says otherwise: a slow one takes 30 rows a second. */
export const SINK_MS: number = 300_000;

/** How long a closing factory lets a sink's call end. */
export const SINK_CLOSE_MS: number = 1_000;

/** Before a sink that has failed is called again, the first time; each further time twice as long. */
export const SINK_FIRST_WAIT_MS: number = 100;

/** Longest wait between two calls of a sink that fails: one that has come back is in use again within this. */
export const SINK_LONGEST_WAIT_MS: number = 5_000;

/** Calls of one sink that are overdue and haven't ended; with so many of them the sink is opened no more. */
export const SINK_ABANDONED_CALLS: number = 8;

/** Bytes of committed products that wait for one sink with transactions of its own; beyond, commits wait. */
export const OUTBOX_BYTES: number = 256 * 1024 * 1024;

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

/** Bytes of pushed items that are kept for a durable factory and not committed yet; beyond, pushes wait. */
export const INBOX_BYTES: number = 256 * 1024 * 1024;

/** Bytes of one row of what is kept so: what procurement reads back, and holds, at a time. */
export const INBOX_ROW_BYTES: number = 1024 * 1024;

/** How long a drain goes on buying what was pushed; the rest is kept for the next start. Well within `DRAIN_MS`. */
export const INBOX_DRAIN_MS: number = 10_000;

/** How long a named push is remembered: longer than any client goes on trying. */
export const IDEMPOTENCY_MS: number = 24 * 60 * 60 * 1_000;

/** Named pushes that are remembered: beyond, the oldest is forgotten. A few hundred MB on disk. */
export const IDEMPOTENCY_KEYS: number = 1_000_000;

/** Named pushes that a factory without durability remembers, in memory. */
export const IDEMPOTENCY_KEYS_IN_MEMORY: number = 65_536;

/** Bytes of what became of named pushes, for rejections may be many; beyond, the oldest is forgotten. */
export const IDEMPOTENCY_BYTES: number = 64 * 1024 * 1024;

/** Longest name of a push, in UTF-16 units. */
export const PUSH_KEY_UNITS: number = 255;

/** An epoch unless the options say otherwise. */
export const EPOCH_MS: number = 1_000;

/** Longest error message, and longest stack, in a dead letter, in UTF-16 units. */
export const LETTER_UNITS: number = 65_536;

/** Bytes of material on all lines that procurement keeps until they are committed; beyond, it ends the epoch. */
export const KEPT_BYTES: number = 128 * 1024 * 1024;

/** Epochs begun and not committed; beyond, procurement waits. */
export const OPEN_EPOCHS: number = 4;

/** How long a control call to a department may take before the department counts as failed. */
export const CALL_MS: number = 10_000;

/** How long a department's Web Worker may take to start. */
export const START_MS: number = 15_000;

/** How long a department may take to close before its Web Worker is ended. */
export const CLOSE_MS: number = 3_000;

/** How long a workshop may be silent before another takes its place, unless the options say otherwise. */
export const SILENT_MS: number = 2_000;

/** How many times longer the others may be silent: a slow disk can hold up transport where a workshop only computes. */
export const PATIENCE_FACTOR: number = 5;

/** Web Workers that can't be stopped, each holding a core, before the factory gives up: the process has to end. */
export const LOST_WEB_WORKERS: number = 3;

/** When departments that have died are replaced: soon, then ever later, and not for ever. */
export const RESTARTS = {
  minMs: 50,
  maxMs: 5_000,
  factor: 2,
  jitter: 0.2,
  resetMs: 60_000,
  restarts: 5,
  windowMs: 60_000,
} as const;

/** How long a drain may take before the factory closes anyway. */
export const DRAIN_MS: number = 30_000;

/** Rejected items described one by one; beyond, only counted. */
export const REJECTIONS_SHOWN: number = 10;

/** Inspections kept as history: an hour. */
export const INSPECTIONS: number = 3_600;

/** Points of a chart of the past unless asked for otherwise: a point for every ten seconds of an hour. */
export const HISTORY_POINTS: number = 360;

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

/** Longest name of a request for materials: each portion's own name, made of it, must fit a push. */
export const IDEMPOTENCY_KEY_UNITS: number = 200;

/** How long a request body, or a line of an endless one, may take to come: a slow phone sends 8 MiB in it. */
export const BODY_MS: number = 60_000;

/** How long the head of a request may take to come: it fits a few packets. */
export const HEAD_MS: number = 10_000;

/** How often heads that are late are looked for, at least. */
export const HEAD_WATCH_MS: number = 1_000;

/** How long a connection may stay open between two requests: browsers and pools come again sooner. */
export const KEEP_ALIVE_MS: number = 60_000;

/** Requests of one client unless the options say otherwise: about half of what one thread answers. */
export const REQUESTS_PER_SECOND: number = 5_000;

/** Seconds' worth of requests that a client may send at once after it was quiet. */
export const RATE_BURST_SECONDS: number = 2;

/** What a request without a token that counts costs of a client's rate, so that guessing tokens is slow. */
export const STRANGER_COST: number = 10;

/** Clients whose rate is remembered: 2 MB. */
export const RATE_CLIENTS: number = 10_000;

/** How long lines may stay full, taking not one item, before a request is told to come again later. */
export const ADMISSION_MS: number = 5_000;

/** Rejected items described in one HTTP answer; beyond, only counted. */
export const REJECTIONS_ANSWERED: number = 1_000;

/** How long the store waits when another program holds a write lock on its database. */
export const STORE_BUSY_MS: number = 1_000;

/**
 * How long a transport that takes another's place waits for the data directory: the other has been ended, and lets go
 * of it a moment later.
 */
export const STORE_HANDOVER_MS: number = 3_000;

/** How often it looks. */
export const STORE_HANDOVER_LOOK_MS: number = 10;

/** Databases up to this size are checked page by page when opened, which takes about half a second. */
export const STORE_CHECK_BYTES: number = 256 * 1024 * 1024;

/** Pages of the database that the store keeps in memory: the states of some hundred thousand workers. */
export const STORE_CACHE_BYTES: number = 64 * 1024 * 1024;

/** What is left of the write-ahead log's file after a large epoch. */
export const STORE_LOG_BYTES: number = 64 * 1024 * 1024;

/** Room that the store leaves on the disk: for its log's and its lock's sake, and for those who have to make room. */
export const STORE_SPARE_BYTES: number = 4 * 1024 * 1024;

/** What a write takes on the disk, at most, for each of its bytes: in the log, and in the database after it. */
export const STORE_ROOM_FACTOR: number = 2;

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

/** Functions generated for schemas that are kept for others of the same shape; beyond, they are generated anew. */
export const COMPILED_SCHEMAS: number = 256;

/** Decoded strings that each Web Worker keeps to hand out again: about 2 MB. A power of two. */
export const INTERNED_STRINGS: number = 16_384;

/** Longest string that is kept so, in bytes: longer ones seldom come again. */
export const INTERNED_BYTES: number = 40;

/** Scratch memory for encoding that is kept from batch to batch: several batches' worth, but no huge item's. */
export const SCRATCH_BYTES: number = 512 * 1024;

/** Latency from bought to shipped (p99) over which an alarm is raised, unless the options say otherwise. */
export const ALARM_LATENCY_MS: number = 5_000;

/**
 * How long trouble of each kind lasts before it is an alarm. Silence has lasted two seconds before it counts as
 * such; a line may stand still while slow turns of other items end; a sink's first retries are its daily life, and a
 * service's only endpoint may be started anew.
 */
export const ALARM_RAISE_MS: {
  readonly "stalled-line": number;
  readonly "silent-workshop": number;
  readonly "silent-department": number;
  readonly "sink-down": number;
  readonly "service-down": number;
  readonly latency: number;
  readonly "hot-key": number;
} = {
  "stalled-line": 10_000,
  "silent-workshop": 0,
  "silent-department": 0,
  "sink-down": 2_000,
  "service-down": 5_000,
  latency: 3_000,
  "hot-key": 5_000,
};

/**
 * Endpoints of one service in an inspection, those in trouble first: an hour of inspections is kept, and a registry
 * may know of a thousand.
 */
export const INSPECTED_ENDPOINTS: number = 32;

/** How long trouble must be over before its alarm is cleared, so that what comes and goes is one alarm. */
export const ALARM_CLEAR_MS: number = 5_000;

/** How long one call to a registry may take before it counts as not answered. */
export const REGISTRY_CALL_MS: number = 3_000;

/** How long registering waits for a registry that doesn't answer: long enough for one that restarts. */
export const REGISTRY_PATIENCE_MS: number = 30_000;

/** First wait before a registry is called again; it doubles up to {@link REGISTRY_RETRY_MAX_MS}. */
export const REGISTRY_RETRY_MIN_MS: number = 50;

/** Longest wait before a registry is called again: a fraction of any time to live. */
export const REGISTRY_RETRY_MAX_MS: number = 500;

/** How long a registered endpoint outlives its process unless told otherwise. */
export const REGISTRY_TTL_MS: number = 10_000;

/** Shortest time to live: below, one slow call to the registry would cost a lease. */
export const REGISTRY_TTL_MIN_MS: number = 1_000;

/** Longest time to live: what a dead process leaves behind is gone ten minutes later. */
export const REGISTRY_TTL_MAX_MS: number = 600_000;

/** How long a watch uses one connection: one that died without a word would stay silent for ever. */
export const REGISTRY_STREAM_MS: number = 30_000;

/** Bytes of one answer, or one message of a stream, of a registry. */
export const REGISTRY_ANSWER_BYTES: number = 16 * 1024 * 1024;

/** Endpoints of one service; beyond, they are not listed. */
export const REGISTRY_ENDPOINTS: number = 10_000;

/** Longest URL of an endpoint, in UTF-16 units. */
export const REGISTRY_URL_UNITS: number = 2_048;

/** Longest name of a service or a lease: brokers and stores allow little more. */
export const REGISTRY_NAME_UNITS: number = 200;

/** Calls of one workshop in flight to one service at most, unless the service says otherwise: a socket each. */
export const RPC_CONCURRENCY: number = 1_024;

/** Calls in flight to a service that nothing is known about: the limit doubles from here until it pushes back. */
export const RPC_LIMIT_START: number = 8;

/** Calls to one service that each turn of a workshop may have waiting: beyond, fanning out fails. */
export const RPC_WAITING_PER_TURN: number = 16;

/** Endpoints of one service; the rest of a longer list is left out, because each keeps connections. */
export const RPC_ENDPOINTS: number = 1_024;

/** Largest body of a service's answer. */
export const RPC_ANSWER_BYTES: number = 8 * 1024 * 1024;

/** Largest head of a service's answer: twice what Node.js accepts by default. */
export const RPC_HEAD_BYTES: number = 32 * 1024;

/** How long connecting to an endpoint may take; a call has its own deadline beside it. */
export const RPC_CONNECT_MS: number = 2_000;

/** How long an unused connection is kept: less than the five seconds after which Node.js servers close theirs. */
export const RPC_IDLE_MS: number = 4_000;

/** Attempts of one idempotent call, unless the service says otherwise. */
export const RPC_ATTEMPTS: number = 4;

/** Longest first wait before another attempt; it doubles up to {@link RPC_BACK_OFF_MAX_MS}, with full jitter. */
export const RPC_BACK_OFF_MS: number = 25;

/** Longest wait before another attempt, unless the service asks for a longer one. */
export const RPC_BACK_OFF_MAX_MS: number = 2_000;

/** Retries and hedges for each call: services that fail get a tenth more load, not a multiple. */
export const RPC_RETRY_SHARE: number = 0.1;

/** Retries that may come at once after a quiet time. */
export const RPC_RETRY_BURST: number = 10;

/** Failures in a row that open an endpoint's circuit. */
export const BREAKER_FAILURES: number = 5;

/** Calls of which half have to fail to open it too. At most 31: they are kept as bits. */
export const BREAKER_WINDOW: number = 20;

/** How long a circuit is open at first; it doubles with each failed probe. */
export const BREAKER_OPEN_MS: number = 250;

/** Longest time that a circuit is open: what an endpoint that has come back waits at most. */
export const BREAKER_OPEN_MAX_MS: number = 2_000;

/** How often endpoints are compared with one another. */
export const OUTLIER_AUDIT_MS: number = 5_000;

/** Calls of an endpoint in that time below which it is not judged. */
export const OUTLIER_CALLS: number = 20;

/** How long an outlier is left out the first time; the n-th time n times as long. */
export const OUTLIER_EJECT_MS: number = 5_000;

/** Longest time that an outlier is left out. */
export const OUTLIER_EJECT_MAX_MS: number = 60_000;

/** How long an endpoint that is new, or has come back, takes to get its full share of the calls. */
export const SLOW_START_MS: number = 5_000;

/** Committed epochs that traces remember, for admissions that have waited for the commit of theirs. */
export const TRACED_EPOCHS: number = 64;

/** How often one who waits for a lease looks at it, where the registry doesn't say when it is free. */
export const REGISTRY_POLL_MS: number = 200;

/** Between two lines of the log about items given up or rejected: they may come by the thousand. */
export const JOURNAL_REPEAT_MS: number = 60_000;

/** Inspections in a flight record: five minutes, about a megabyte. */
export const FLIGHT_INSPECTIONS: number = 300;

/** Events in a flight record. */
export const FLIGHT_EVENTS: number = 1_000;

/** Flight records kept in one directory: a factory that is started again and again must not fill the disk. */
export const FLIGHT_RECORDS: number = 10;

/** How long one call of the alarms' webhook may take. */
export const WEBHOOK_MS: number = 10_000;

/** How often a call is tried: with the waits between, for half a minute. */
export const WEBHOOK_ATTEMPTS: number = 5;

/** Wait before the second attempt; it doubles from attempt to attempt. */
export const WEBHOOK_WAIT_MS: number = 2_000;

/** Calls that wait for those before; beyond, the oldest is given up. */
export const WEBHOOK_QUEUE: number = 64;

/** How long a gateway waits for more changes of a registry before it takes them over: services come in groups. */
export const GATEWAY_SETTLE_MS: number = 50;

/** Shortest time between two reloads of a gateway: each leaves old processes that finish what they have. */
export const GATEWAY_RELOAD_MS: number = 500;

/** How long a gateway waits for a service's answer to begin, or to go on. */
export const GATEWAY_ANSWER_MS: number = 60_000;

/** Services of one gateway. */
export const GATEWAY_SERVICES: number = 256;

/** Lines of a gateway's own log that are kept for when it ends. */
export const GATEWAY_LOG_LINES: number = 20;

/** Classes that a group of processes shares. */
export const SHARE_CLASSES: number = 1_024;

/** Processes in such a group: more than that, and dealing would compare more pairs than it is worth. */
export const SHARE_MEMBERS: number = 256;

/** How long a group waits for more members to come or go before it deals anew: they start one after the other. */
export const SHARE_SETTLE_MS: number = 100;

/** How long work on a class may take to end before the class is handed over anyway, with a higher token. */
export const SHARE_HANDOVER_MS: number = 30_000;
