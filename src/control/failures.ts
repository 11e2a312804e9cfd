import {
  BusyError,
  ClosedError,
  DeadlineError,
  DepartmentError,
  ItemError,
  messageOf,
  OptionsError,
  ShopfloorError,
  SinkError,
  SourceError,
} from "../core/mod.ts";
import { Problem } from "./problem.ts";

/** What each class means to a client: whose fault it is, and whether to come again. */
const STATUSES: readonly (readonly [abstract new (message: string) => ShopfloorError, number])[] = [
  [BusyError, 429],
  [ClosedError, 503],
  [DepartmentError, 503],
  [DeadlineError, 504],
  [OptionsError, 400],
  [ItemError, 422],
  [SourceError, 502],
  [SinkError, 502],
];

/** Codes that say more than their class. */
const CODES: Readonly<Record<string, number>> = { IDEMPOTENCY_CONFLICT: 422 };

const RETRY_AFTER_MS = 1_000;

/** The answer to anything thrown. What Shopfloor throws on purpose says why; anything else says nothing. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (!(error instanceof ShopfloorError)) {
    return new Problem(500, "INTERNAL", "an error that nobody foresaw; the server's log has it");
  }
  const status = CODES[error.code] ?? STATUSES.find(([Class]) => error instanceof Class)?.[1] ?? 500;
  const headers = status === 429 || status === 503 ? { "retry-after": retryAfterSeconds(error) } : undefined;
  return new Problem(status, error.code, messageOf(error), { headers });
}

/** Whether an error is one that the client can't mend and the operator should hear of. */
export function isUnforeseen(error: unknown): boolean {
  return !(error instanceof Problem) && !(error instanceof ShopfloorError);
}

function retryAfterSeconds({ fields: { retryAfterMs } }: ShopfloorError): string {
  const ms = typeof retryAfterMs === "number" && retryAfterMs > 0 ? retryAfterMs : RETRY_AFTER_MS;
  return String(Math.ceil(ms / 1_000));
}
