/**
 * The log: one line for each event, as JSON for programs or in words for people. Nothing is ever logged per item.
 *
 * @module
 */

import { type Clock, printable } from "../core/mod.ts";

/** How much an event matters, the gravest first. */
export type LogLevel = "error" | "warn" | "info" | "debug";

/** Every level, the gravest first. */
export const LOG_LEVELS: readonly LogLevel[] = ["error", "warn", "info", "debug"];

/** How lines look: JSON objects, or words on a terminal. */
export type LogFormat = "json" | "pretty";

/** Something that happened. */
export interface LogEvent {
  readonly level: LogLevel;
  /** Stable, for programs to compare: `alarm-raised`. */
  readonly event: string;
  /** In words. */
  readonly message: string;
  /** Plain data that says more. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** What a log is made with. */
export interface LogOptions {
  readonly clock: Pick<Clock, "now">;
  /** Events that matter less are left out. */
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Whether to colour levels; `pretty` alone does. */
  readonly colour?: boolean;
  /** Writes a line. */
  readonly write: (line: string) => void;
}

/** Where events are told. */
export class Log {
  readonly #options: LogOptions;

  constructor(options: LogOptions) {
    this.#options = options;
  }

  /** Writes the event, if it matters enough. */
  tell(event: LogEvent): void {
    const { clock, level, format, colour = false, write } = this.#options;
    if (LOG_LEVELS.indexOf(event.level) > LOG_LEVELS.indexOf(level)) return;
    const at = new Date(clock.now());
    write(format === "json" ? jsonLine(event, at) : prettyLine(event, { at, colour }));
  }
}

/** `{"at":"…","level":"warn","event":"alarm-raised","message":"…","kind":"hot-key"}`. */
function jsonLine({ level, event, message, fields }: LogEvent, at: Date): string {
  return printable(JSON.stringify({ at: at.toISOString(), level, event, message, ...fields }));
}

const COLOURS: Readonly<Record<LogLevel, number>> = { error: 31, warn: 33, info: 32, debug: 90 };

/** `12:34:56 WARN  key k has 60 % of workshop 1's items  (alarm-raised kind=hot-key)`. */
function prettyLine(
  { level, event, message, fields = {} }: LogEvent,
  { at, colour }: { at: Date; colour: boolean },
): string {
  const name = level.toUpperCase().padEnd(5);
  const shown = colour ? `\u001b[${COLOURS[level]}m${name}\u001b[0m` : name;
  const more = Object.entries(fields).map(([field, value]) => ` ${field}=${word(value)}`).join("");
  return `${at.toTimeString().slice(0, 8)} ${shown} ${printable(message)}  (${event}${printable(more)})`;
}

function word(value: unknown): string {
  return typeof value === "string" && /^[\w./:-]+$/.test(value)
    ? value
    : JSON.stringify(value) ?? "undefined";
}
