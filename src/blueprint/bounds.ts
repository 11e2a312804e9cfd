/**
 * The numbers of a workshop, and what they may be.
 *
 * @module
 */

interface Bounds {
  readonly least: number;
  readonly most?: number;
  readonly whole?: boolean;
}

/** A duration of 0 would be over before anything could happen in it. */
const DURATION: Bounds = { least: Number.MIN_VALUE };
const COUNT: Bounds = { least: 1, whole: true };

const BOUNDS: Readonly<Record<string, Bounds>> = {
  "version": COUNT,
  "contract.idleMs": { least: 0 },
  "contract.ageMs": DURATION,
  "contract.maxWorkers": COUNT,
  "turn.timeoutMs": DURATION,
  "turn.concurrency": COUNT,
  "turn.retries.attempts": COUNT,
  "turn.retries.minMs": { least: 0 },
  "turn.retries.maxMs": { least: 0 },
  "turn.retries.factor": { least: 1 },
  "turn.retries.jitter": { least: 0, most: 1 },
};

/** The first number of a workshop that can't be one: its path, and what it must be. Undefined if all is well. */
export function outOfBounds(workshop: object): { path: string; wanted: string } | undefined {
  for (const [path, bounds] of Object.entries(BOUNDS)) {
    const value = path.split(".").reduce<unknown>(
      (part, name) => (part as Record<string, unknown>)?.[name],
      workshop,
    );
    if (value !== undefined && !within(value, bounds)) return { path, wanted: described(bounds) };
  }
}

function within(value: unknown, { least, most = Infinity, whole = false }: Bounds): boolean {
  return typeof value === "number" && value >= least && value <= most && (!whole || Number.isInteger(value));
}

function described({ least, most, whole }: Bounds): string {
  const number = whole ? "a whole number" : "a number";
  if (most !== undefined) return `${number} from ${least} to ${most}`;
  return least === Number.MIN_VALUE ? `${number} above 0` : `${number}, ${least} or more`;
}
