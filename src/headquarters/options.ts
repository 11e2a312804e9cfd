/**
 * The options of a factory: names, ranges and defaults, in one place for the library, the command line and the
 * environment.
 *
 * @module
 */

import { availableParallelism } from "node:os";
import { z } from "zod";
import { OptionsError, type Settings } from "../core/mod.ts";
import {
  ALARM_LATENCY_MS,
  BATCH_BYTES,
  EPOCH_MS,
  LINE_BATCHES,
  LINGER_MS,
  MAX_WORKSHOPS,
  SILENT_MS,
} from "../core/limits.ts";

/** Options of {@link openFactory}. */
export interface FactoryOptions {
  /** Workshops, or `auto` for two fewer than the machine has cores (at least 1). Default `auto`. */
  readonly workshops?: number | "auto";
  /** With `auto`: fewest workshops that the operator may scale down to. Default: as many as `auto` begins with. */
  readonly minWorkshops?: number;
  /** With `auto`: most workshops that the operator may scale up to. Default: as many as `auto` begins with. */
  readonly maxWorkshops?: number;
  /** Directory of the embedded store. Default: none. */
  readonly data?: string;
  /** Default `exactly-once` when `data` is given, else `none`. */
  readonly durability?: "exactly-once" | "none";
  /** Length of an epoch, 10 to 60,000 ms. Default 1,000. */
  readonly epochMs?: number;
  /** Pace of the buyer in items per second; null for none. Default null. */
  readonly ratePerSecond?: number | null;
  /** Longest time an item waits for its batch to fill, 0 to 1,000 ms. Default 5. */
  readonly lingerMs?: number;
  /** Batches in flight on each line, 2 to 256. Default 8. */
  readonly lineBatches?: number;
  /** Bytes that a batch aims for, 1,024 to 1,048,576. Default 65,536. */
  readonly batchBytes?: number;
  /** Latency from bought to shipped (p99) over which an alarm is raised, 1 to 3,600,000 ms. Default 5,000. */
  readonly alarmLatencyMs?: number;
  /**
   * How long a workshop of a durable factory may be silent before another takes its place, 100 to 600,000 ms; the
   * other departments may five times as long. A synchronous turn must be shorter. Default 2,000.
   */
  readonly heartbeatMs?: number;
  /**
   * Spans of OpenTelemetry for admissions, epochs and deliveries, through the SDK that the process has registered.
   * Default false.
   */
  readonly traces?: boolean;
  /** Input for sources that read a file and name none: a path, or `-` for standard input. */
  readonly input?: string;
  /** Handed to the blueprint's functions as `context.settings`: plain, structured-cloneable data. */
  readonly settings?: Settings;
}

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly workshops: number;
  /** Fewest that the operator may make of it. */
  readonly minWorkshops: number;
  /** Most that the operator may make of it. */
  readonly maxWorkshops: number;
  readonly data: string | undefined;
  readonly durability: "exactly-once" | "none";
  readonly epochMs: number;
  readonly ratePerSecond: number | null;
  readonly lingerMs: number;
  readonly lineBatches: number;
  readonly batchBytes: number;
  readonly alarmLatencyMs: number;
  readonly traces: boolean;
  readonly heartbeatMs: number;
  readonly input: string | undefined;
  readonly settings: Settings;
}

const WORKSHOPS = `expected "auto" or a whole number from 1 to ${MAX_WORKSHOPS}`;

const schema = z.strictObject({
  workshops: z.union([z.literal("auto"), z.int().min(1).max(MAX_WORKSHOPS)]).default("auto"),
  minWorkshops: z.int().min(1).max(MAX_WORKSHOPS).optional(),
  maxWorkshops: z.int().min(1).max(MAX_WORKSHOPS).optional(),
  data: z.string().min(1).optional(),
  durability: z.enum(["exactly-once", "none"]).optional(),
  epochMs: z.int().min(10).max(60_000).default(EPOCH_MS),
  ratePerSecond: z.number().positive().max(1e9).nullable().default(null),
  lingerMs: z.number().min(0).max(1_000).default(LINGER_MS),
  lineBatches: z.int().min(2).max(256).default(LINE_BATCHES),
  batchBytes: z.int().min(1_024).max(1_048_576).default(BATCH_BYTES),
  alarmLatencyMs: z.number().min(1).max(3_600_000).default(ALARM_LATENCY_MS),
  traces: z.boolean().default(false),
  heartbeatMs: z.number().min(100).max(600_000).default(SILENT_MS),
  input: z.string().min(1).optional(),
  settings: z.record(z.string(), z.unknown()).default({}),
});

/**
 * Checks options and fills in defaults.
 *
 * @throws {OptionsError} naming the option, what was found and what was wanted
 */
export function resolveOptions(options: FactoryOptions = {}): ResolvedOptions {
  const result = schema.safeParse(options);
  if (!result.success) throw refusal(result.error.issues[0], options);
  const { data } = result.data;
  const durability = result.data.durability ?? (data === undefined ? "none" : "exactly-once");
  if (durability === "exactly-once" && data === undefined) {
    throw new OptionsError(
      `option durability: "exactly-once" needs the option data, a directory to keep it in`,
      {
        fields: { option: "durability" },
      },
    );
  }
  try {
    structuredClone(result.data.settings);
  } catch (cause) {
    throw new OptionsError("option settings: must be plain data that can be cloned into a Web Worker", {
      fields: { option: "settings" },
      cause,
    });
  }
  return { ...result.data, data, input: result.data.input, durability, ...staffOf(result.data) };
}

/** How many workshops there are at first, and within what the operator may change that. */
function staffOf(
  { workshops, minWorkshops, maxWorkshops }: z.infer<typeof schema>,
): Pick<ResolvedOptions, "workshops" | "minWorkshops" | "maxWorkshops"> {
  for (const [option, bound] of Object.entries({ minWorkshops, maxWorkshops })) {
    if (bound === undefined || workshops === "auto") continue;
    throw new OptionsError(
      `option ${option}: goes with workshops "auto" only, found workshops ${workshops}`,
      {
        fields: { option, found: bound },
      },
    );
  }
  if (workshops !== "auto") return { workshops, minWorkshops: workshops, maxWorkshops: workshops };
  const usual = Math.min(MAX_WORKSHOPS, Math.max(1, availableParallelism() - 2));
  const min = minWorkshops ?? Math.min(usual, maxWorkshops ?? usual);
  const max = maxWorkshops ?? Math.max(usual, min);
  if (min > max) {
    throw new OptionsError(`option minWorkshops: expected at most maxWorkshops, ${max}, found ${min}`, {
      fields: { option: "minWorkshops", found: min },
    });
  }
  return { workshops: Math.min(max, Math.max(min, usual)), minWorkshops: min, maxWorkshops: max };
}

function refusal(issue: z.core.$ZodIssue, options: FactoryOptions): OptionsError {
  if (issue.code === "unrecognized_keys") {
    const option = issue.keys[0];
    return new OptionsError(`option ${option}: there is no such option`, { fields: { option } });
  }
  const option = String(issue.path[0] ?? "options");
  const message = option === "workshops" ? WORKSHOPS : issue.message;
  const found = shown((options as Record<string, unknown> | null)?.[option]);
  return new OptionsError(`option ${option}: ${message}, found ${found}`, {
    fields: { option, found },
  });
}

/** A value for a message. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value !== "string" && typeof value !== "object") return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return "an object that is not JSON";
  }
}
