/**
 * The errors a caller may want to catch. Each has a stable `code`, plain-data `fields` and a message that says
 * what was being done, what was found and what was wanted. {@link toWire} and {@link fromWire} carry them out of
 * a Web Worker, which structured clone alone would strip of class, code and fields.
 *
 * @module
 */

/** Plain data that says more about an error: names, numbers, places. */
export type ErrorFields = Readonly<Record<string, unknown>>;

/** What every error of Shopfloor is constructed with, besides its message. */
export interface ErrorDetails {
  /** Stable, upper-case, for programs to compare. Each class has a default. */
  code?: string;
  /** Structured-cloneable facts. */
  fields?: ErrorFields;
  /** The error that led to this one. */
  cause?: unknown;
}

/** The ancestor of every error that Shopfloor throws on purpose. */
export class ShopfloorError extends Error {
  /** Stable, for programs to compare. */
  readonly code: string;
  /** Facts about the error: names, numbers, places. */
  readonly fields: ErrorFields;

  /** The code is `SHOPFLOOR` unless `details` has another; subclasses have defaults of their own. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code ?? "SHOPFLOOR";
    this.fields = details.fields ?? {};
  }
}

/** A blueprint can't be loaded or is not one. Mend the blueprint; trying again is of no use. */
export class BlueprintError extends ShopfloorError {
  /** The code is `BLUEPRINT_INVALID` unless `details` has another: `BLUEPRINT_IMPORT` when the import failed. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "BLUEPRINT_INVALID", ...details });
  }
}

/** An option has a wrong name, type or range. `fields.option` names it. */
export class OptionsError extends ShopfloorError {
  /** The code is `OPTION_INVALID` unless `details` has another. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "OPTION_INVALID", ...details });
  }
}

/** An item does not fit its schema. `fields.field` names the column, `fields.type` the product type if it is one. */
export class ItemError extends ShopfloorError {
  /** The code is `ITEM_INVALID` unless `details` has another. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "ITEM_INVALID", ...details });
  }
}

/** A source can't be opened or read. */
export class SourceError extends ShopfloorError {
  /** The code is `SOURCE_FAILED` unless `details` has another. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "SOURCE_FAILED", ...details });
  }
}

/** A sink can't be opened or written. The driver tries again unless `fields.final` is true. */
export class SinkError extends ShopfloorError {
  /** The code is `SINK_FAILED` unless `details` has another. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "SINK_FAILED", ...details });
  }
}

/** The embedded store refuses: locked by another factory, foreign, damaged or of another version. */
export class StoreError extends ShopfloorError {
  /** The code is `STORE_REFUSED` unless `details` has another, such as `STORE_LOCKED`. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "STORE_REFUSED", ...details });
  }
}

/** A registry can't be reached or refuses. Trying again helps unless the code is `REGISTRY_REFUSED`. */
export class RegistryError extends ShopfloorError {
  /** The code is `REGISTRY_UNREACHABLE` unless `details` has another: `REGISTRY_REFUSED` when it said no. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "REGISTRY_UNREACHABLE", ...details });
  }
}

/**
 * A call to a service failed. `code` is one of Connect's codes as Connect spells them: `unavailable`,
 * `deadline_exceeded`, `resource_exhausted`, `not_found`, …. `fields` has `service`, `method`, `attempts` and, where
 * they are known, `endpoint`, `status`, `retryAfterMs` and the service's own `details`.
 */
export class RpcError extends ShopfloorError {
  /** The code is `unknown` unless `details` has another. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "unknown", ...details });
  }

  /** Whether the same call may succeed later, or at another endpoint. */
  get retryable(): boolean {
    return this.fields.retryable === true;
  }
}

/** A department failed or fell silent. `fields.department` names it. */
export class DepartmentError extends ShopfloorError {
  /** The code is `DEPARTMENT_FAILED` unless `details` has another. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "DEPARTMENT_FAILED", ...details });
  }
}

/** Something took longer than its deadline. `fields.ms` is the deadline. */
export class DeadlineError extends ShopfloorError {
  /** The code is `DEADLINE_EXCEEDED` unless `details` has another. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "DEADLINE_EXCEEDED", ...details });
  }
}

/** The factory (or a part of it) is closed, draining or has failed, and takes nothing more. */
export class ClosedError extends ShopfloorError {
  /** The code is `CLOSED` unless `details` has another. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "CLOSED", ...details });
  }
}

/** The lines are full. Try again after `fields.retryAfterMs`. */
export class BusyError extends ShopfloorError {
  /** The code is `BUSY` unless `details` has another. */
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "BUSY", ...details });
  }
}

/** An error as plain data, the one form in which errors cross from one thread to another. */
export interface ErrorWire {
  /** Class name. */
  name: string;
  message: string;
  code?: string;
  fields?: ErrorFields;
  stack?: string;
  cause?: ErrorWire;
}

const CLASSES: Readonly<Record<string, new (message: string, details?: ErrorDetails) => ShopfloorError>> = {
  ShopfloorError,
  BlueprintError,
  OptionsError,
  ItemError,
  SourceError,
  SinkError,
  StoreError,
  RegistryError,
  RpcError,
  DepartmentError,
  DeadlineError,
  ClosedError,
  BusyError,
};

const CAUSES = 5;

/** Turns anything thrown into plain data. Causes are kept, five deep. */
export function toWire(error: unknown, depth: number = 0): ErrorWire {
  if (!(error instanceof Error)) return { name: "Error", message: textOf(error) };
  const wire: ErrorWire = { name: textOf(error.name), message: textOf(error.message) };
  if (error.stack !== undefined) wire.stack = textOf(error.stack);
  if (error instanceof ShopfloorError) {
    wire.code = error.code;
    wire.fields = cloneable(error.fields);
  } else if (typeof (error as { code?: unknown }).code === "string") {
    wire.code = (error as { code?: string }).code;
  }
  if (error.cause !== undefined && depth < CAUSES) wire.cause = toWire(error.cause, depth + 1);
  return wire;
}

/** Builds the error again: the same class where it is one of Shopfloor's, `Error` with the same name otherwise. */
export function fromWire(wire: ErrorWire): Error {
  const cause = wire.cause && fromWire(wire.cause);
  const Class = Object.hasOwn(CLASSES, wire.name) ? CLASSES[wire.name] : undefined;
  const error = Class
    ? new Class(wire.message, { code: wire.code, fields: wire.fields, cause })
    : Object.assign(new Error(wire.message, cause && { cause }), { name: wire.name });
  if (!Class && wire.code !== undefined) Object.assign(error, { code: wire.code });
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}

/** The message of anything thrown, in one line. */
export function messageOf(error: unknown): string {
  return textOf(error instanceof Error ? error.message : error).replaceAll(/\s*\n\s*/g, " ");
}

/** Anything may be thrown, even what has no text. */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return `${typeof value} without a text`;
  }
}

function cloneable(fields: ErrorFields): ErrorFields {
  try {
    return structuredClone(fields);
  } catch {
    return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, textOf(value)]));
  }
}
