/**
 * Shopfloor: keyed stream processing on every core, in one Deno or Bun process.
 *
 * A blueprint ({@link defineBlueprint}) says what comes in, what one worker makes of the items of one key, and what
 * goes out; {@link openFactory} runs it. Importing this module starts nothing; running it is the command line.
 *
 * @module
 */

import process from "node:process";
import { packagesHint } from "./src/platform/mod.ts";

// What users write.
export {
  type Affinity,
  type Blueprint,
  type BlueprintDefinition,
  type Context,
  type Contract,
  type DeclaredAffinity,
  defineBlueprint,
  type DismissReason,
  type InputOf,
  keyed,
  type KeyedDefinition,
  loadBlueprint,
  type OutputOf,
  type Placement,
  type ProductSchemas,
  type ProductsOf,
  type Retries,
  type Schema,
  service,
  type Ship,
  type Sinks,
  type TurnOptions,
  type Worker,
  type Workshop,
  type WorkshopDefinition,
} from "./src/blueprint/mod.ts";
export { ndjson, type NdjsonOptions } from "./src/blueprint/ndjson.ts";

// Services that workers call.
export type { CallOptions, MethodSchema, Protocol, Service, Services, ServiceSchema } from "./src/rpc/mod.ts";

// Where services are registered, and who owns what.
export {
  type AcquireOptions,
  type Endpoint,
  type Holding,
  type Lease,
  openRegistry,
  type OpenRegistryOptions,
  type RegisterOptions,
  type Registration,
  type Registry,
  type Share,
  shareClasses,
  type ShareOptions,
  type WatchOptions,
} from "./src/registry/mod.ts";

// Sources and sinks, and the contracts to write others.
export {
  generator,
  type GeneratorContext,
  type GeneratorOptions,
  push,
  type Rejection,
  type Source,
  type SourceChunk,
  type SourceContext,
  type SourceReader,
  type Yielded,
} from "./src/sources/mod.ts";
export {
  callback,
  type CallbackContext,
  type Delivery,
  discard,
  postgres,
  type PostgresOptions,
  type PostgresSettings,
  type Sink,
  type SinkCall,
  type SinkContext,
  type SinkPatience,
  type SinkWriter,
  sqlite,
  type SqliteOptions,
} from "./src/sinks/mod.ts";
// The store is what a sink that joins the epoch's transaction is handed.
export type {
  Committed,
  DeadLetterQuery,
  DeadLetters,
  DeadLetterSelection,
  EpochRecord,
  NewDeadLetter,
  Outbox,
  OutboxBatch,
  OutboxEpoch,
  OutboxParts,
  ProductInserter,
  ProductRows,
  Store,
  StoredDeadLetter,
  StoredState,
} from "./src/store/mod.ts";
export type {
  BatchReader,
  BatchWriter,
  Column,
  ColumnKind,
  ItemCodec,
  ProductCodec,
} from "./src/batch/mod.ts";

// The factory.
export {
  type Admission,
  type Factory,
  type FactoryOptions,
  type FactoryState,
  type FactoryStatus,
  type HistoryQuery,
  openFactory,
  type ProcurementReport,
  type ProductEvent,
  type PushOptions,
  type RosterPage,
  type RosterQuery,
  type StatusQuery,
  type Summary,
  VERSION,
  type WorkerReport,
} from "./src/headquarters/mod.ts";
export type {
  Accounts,
  Alarm,
  AlarmKind,
  BackPressure,
  ClassReport,
  EndpointReport,
  EndpointState,
  Inspection,
  LineReport,
  Moment,
  ServiceReport,
  Staffing,
  Totals,
  WorkshopAccounts,
  WorkshopReport,
} from "./src/operations/mod.ts";
export type {
  HistogramSnapshot,
  HotKey,
  ProductFigures,
  ServiceTotals,
  SinkTrouble,
} from "./src/metrics/mod.ts";

// Values that all of them share.
export {
  type Block,
  BlueprintError,
  BusyError,
  type Clock,
  ClosedError,
  DeadlineError,
  DepartmentError,
  type ErrorDetails,
  type ErrorFields,
  ItemError,
  OptionsError,
  RegistryError,
  RpcError,
  type Settings,
  ShopfloorError,
  SinkError,
  SourceError,
  StoreError,
  systemClock,
  type Timer,
} from "./src/core/mod.ts";

if (import.meta.main) runProgram();

/**
 * Not awaited: the command line imports blueprints, which import this module, and such an import waits until this
 * module has been evaluated. The terminal is only loaded here, so that users of the library don't pay for it.
 */
function runProgram(): void {
  const hint = packagesHint();
  if (hint === undefined) {
    void import("./src/terminal/mod.ts").then(({ main }) => main());
  } else {
    process.stderr.write(`shopfloor: ${hint}\n`);
    process.exitCode = 2;
  }
}
