/**
 * Histograms of durations in seconds: log-linear buckets, as HdrHistogram has them, in a fixed 3 KB. Recording is
 * made for hot loops; everything else works on snapshots, which are plain data.
 *
 * @module
 */

/** Values below count as this: a microsecond. */
const SMALLEST = 1e-6;

/** Values above count as this: an hour. */
const LARGEST = 3_600;

/**
 * Each octave (from one power of two to the next) is cut into so many buckets of the same width, and a bucket is
 * reported as its middle: an error of at most half of 1/12, that is 4.2 %. 16 would need more than 4 KB.
 */
const OCTAVE_BUCKETS = 12;

/** The powers of two below {@link SMALLEST} and above {@link LARGEST}. */
const FIRST_OCTAVE = -20;
const LAST_OCTAVE = 12;

const BUCKETS = (LAST_OCTAVE - FIRST_OCTAVE) * OCTAVE_BUCKETS;

// The bits of a positive float32, read as an integer, are its logarithm already: exponent, then mantissa.
const MANTISSA = 2 ** 23;
const ORIGIN = (127 + FIRST_OCTAVE) * MANTISSA;
const SCALE = OCTAVE_BUCKETS / MANTISSA;
const SCRATCH = new Float32Array(1);
const SCRATCH_BITS = new Uint32Array(SCRATCH.buffer);

/** A histogram at one moment: plain data that may be cloned, stored and sent. */
export interface HistogramSnapshot {
  /** Values by bucket. Missing buckets at the end are empty ones. */
  counts: number[];
  /** All values. */
  count: number;
  /** Their sum, seconds. */
  sum: number;
  /** The largest, seconds; 0 if there are none. */
  max: number;
}

/** Counts durations. */
export class Histogram {
  // Doubles: 32-bit counts would wrap after an hour at a million values a second.
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #max = 0;

  /**
   * Counts `value` seconds, `count` times. Allocates nothing. What is below a microsecond (or not a number) counts
   * as a microsecond, what is above an hour as an hour.
   */
  record(value: number, count: number = 1): void {
    const seconds = value > SMALLEST ? (value < LARGEST ? value : LARGEST) : SMALLEST;
    this.#counts[bucketOf(seconds)] += count;
    this.#count += count;
    this.#sum += seconds * count;
    if (seconds > this.#max) this.#max = seconds;
  }

  /** Everything recorded since the start. */
  snapshot(): HistogramSnapshot {
    const counts: number[] = [];
    const length = this.#count === 0 ? 0 : bucketOf(this.#max) + 1;
    for (let bucket = 0; bucket < length; bucket++) counts.push(this.#counts[bucket]);
    return { counts, count: this.#count, sum: this.#sum, max: this.#max };
  }
}

/** The snapshot of a histogram in which nothing was recorded. */
export function emptySnapshot(): HistogramSnapshot {
  return { counts: [], count: 0, sum: 0, max: 0 };
}

/** What one histogram would hold, had everything been recorded there. */
export function mergeSnapshots(snapshots: readonly HistogramSnapshot[]): HistogramSnapshot {
  const merged = emptySnapshot();
  for (const { counts, count, sum, max } of snapshots) {
    counts.forEach((n, bucket) => merged.counts[bucket] = (merged.counts[bucket] ?? 0) + n);
    merged.count += count;
    merged.sum += sum;
    merged.max = Math.max(merged.max, max);
  }
  return merged;
}

/**
 * What was recorded between two snapshots of one histogram. Its `max` is as exact as the buckets are. If `earlier`
 * holds more than `later` in some bucket, the histogram has begun anew in between: then all of `later` counts.
 */
export function subtractSnapshots(later: HistogramSnapshot, earlier: HistogramSnapshot): HistogramSnapshot {
  const length = Math.max(later.counts.length, earlier.counts.length);
  const counts: number[] = [];
  let top = -1;
  for (let bucket = 0; bucket < length; bucket++) {
    const between = countOf(later, bucket) - countOf(earlier, bucket);
    if (between < 0) return later;
    if (between > 0) top = bucket;
    counts.push(between);
  }
  if (top < 0) return emptySnapshot();
  return {
    counts,
    count: later.count - earlier.count,
    sum: Math.max(0, later.sum - earlier.sum),
    max: Math.min(later.max, lowerBound(top + 1)),
  };
}

/**
 * The smallest value that at least the share `q` (0 to 1) of all values does not exceed, give or take 4.2 %; 0 if
 * there are no values.
 */
export function quantile(snapshot: HistogramSnapshot, q: number): number {
  const rank = Math.max(1, Math.ceil(q * snapshot.count));
  let below = 0;
  for (let bucket = 0; bucket < snapshot.counts.length; bucket++) {
    below += snapshot.counts[bucket];
    if (below >= rank) return middle(snapshot, bucket);
  }
  return snapshot.max;
}

/** The mean of all values; 0 if there are none. */
export function mean(snapshot: HistogramSnapshot): number {
  return snapshot.count === 0 ? 0 : snapshot.sum / snapshot.count;
}

/**
 * How many values do not exceed each bound (ascending, seconds), give or take 4.2 % of the bound: the `le` buckets
 * of a Prometheus histogram, of which `+Inf` is the snapshot's `count`.
 */
export function buckets(snapshot: HistogramSnapshot, bounds: readonly number[]): number[] {
  let bucket = 0;
  let below = 0;
  return bounds.map((bound) => {
    // Not `middle`: as the largest value grows, no value may leave the bound that it was counted under.
    while (bucket < snapshot.counts.length && center(bucket) <= bound) {
      below += snapshot.counts[bucket++];
    }
    return below;
  });
}

function bucketOf(seconds: number): number {
  SCRATCH[0] = seconds;
  return ((SCRATCH_BITS[0] - ORIGIN) * SCALE) | 0;
}

function countOf(snapshot: HistogramSnapshot, bucket: number): number {
  return snapshot.counts[bucket] ?? 0;
}

/** What stands for the values of a bucket: its middle, but never more than the largest value. */
function middle(snapshot: HistogramSnapshot, bucket: number): number {
  return Math.min(snapshot.max, center(bucket));
}

function center(bucket: number): number {
  return (lowerBound(bucket) + lowerBound(bucket + 1)) / 2;
}

function lowerBound(bucket: number): number {
  const octave = Math.floor(bucket / OCTAVE_BUCKETS);
  return 2 ** (FIRST_OCTAVE + octave) * (1 + (bucket % OCTAVE_BUCKETS) / OCTAVE_BUCKETS);
}
