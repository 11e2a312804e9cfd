/**
 * The demo: a fleet of simulated sensors of several kinds, a running statistic of each, and alarms. It is what
 * `start` runs when it is given no blueprint.
 *
 * Settings: `sensors` (5,000), `seed` (1), `every` (20: readings of a sensor between two of its statistics).
 *
 * The values depend on the seed and on their place in the stream alone, so that a restart goes on where the last
 * commit was as if nothing had happened. Only their time is the real one.
 *
 * @module
 */

// Outside this repository, the import is from "@shopfloor/shopfloor".
import { type Blueprint, defineBlueprint, generator, keyed, sqlite } from "../mod.ts";
import { z } from "zod";

type Kind = "temperature" | "vibration" | "power" | "humidity" | "pressure";

/** What a sound sensor reads: a cycle (in readings) around the middle, and noise. Above the limit is an alarm. */
interface Signal {
  readonly middle: number;
  readonly swing: number;
  readonly cycle: number;
  readonly noise: number;
  readonly limit: number;
}

const SIGNALS: Readonly<Record<Kind, Signal>> = {
  temperature: { middle: 62, swing: 9, cycle: 1_800, noise: 0.6, limit: 85 }, // °C
  vibration: { middle: 2.4, swing: 0.7, cycle: 120, noise: 0.35, limit: 5 }, // mm/s
  power: { middle: 18, swing: 6, cycle: 900, noise: 1.2, limit: 32 }, // kW
  humidity: { middle: 48, swing: 12, cycle: 3_600, noise: 1, limit: 78 }, // %
  pressure: { middle: 6.2, swing: 0.4, cycle: 600, noise: 0.1, limit: 7.6 }, // bar
};
const KINDS = Object.keys(SIGNALS) as Kind[];

/** An alarm is cleared again below this share of the limit. */
const CLEARED = 0.95;

/** Readings in one yield: enough for the generator's own cost to vanish, few enough for a slow pace. */
const CHUNK = 512;

/** For so many readings a sensor is sound or failing, awake or asleep. */
const EPISODE = 60;
const FAILING = 0.01;
const ASLEEP = 0.05;

export default defineBlueprint({
  name: "fleet",
  material: z.object({ device: z.string(), kind: z.enum(KINDS), at: z.number(), value: z.number() }),
  key: (reading) => reading.device,
  products: {
    statistic: z.object({
      device: z.string(),
      kind: z.string(),
      at: z.number(),
      count: z.int(),
      mean: z.number(),
      deviation: z.number(),
      min: z.number(),
      max: z.number(),
    }),
    alarm: z.object({
      device: z.string(),
      kind: z.string(),
      at: z.number(),
      state: z.enum(["raised", "cleared"]),
      value: z.number(),
      limit: z.number(),
    }),
  },
  workshop: keyed({
    contract: { idleMs: 15_000 },
    hire: (device) => {
      const [kind, number] = device.split("-");
      return {
        kind,
        // Statistics leave sensor after sensor, not those of all sensors at once.
        turn: Number(number) || 0,
        alarm: false,
        count: 0,
        mean: 0,
        squares: 0,
        min: Infinity,
        max: -Infinity,
      };
    },
    work({ state }, { device, kind, at, value }, ship, { settings }) {
      add(state, value);
      const { limit } = SIGNALS[kind];
      if (state.alarm ? value < limit * CLEARED : value > limit) {
        state.alarm = !state.alarm;
        ship("alarm", { device, kind, at, state: state.alarm ? "raised" : "cleared", value, limit });
      }
      if (++state.turn % count("every", settings.every ?? 20) === 0) {
        ship("statistic", statistic(device, state, at));
      }
    },
    dismiss(worker, ship, reason) { // a sensor that fell asleep: its last word
      if (reason !== "closing") ship("statistic", statistic(worker.key, worker.state, worker.now()));
    },
  }),
  source: (settings) => {
    const size = count("sensors", settings.sensors ?? 5_000);
    const seed = count("seed", settings.seed ?? 1);
    count("every", settings.every ?? 20); // what is wrong is said once, here, rather than by every reading
    let next = 0;
    return generator(async function* sensors({ offset, signal }) {
      next = typeof offset === "number" ? offset : 0;
      while (!signal.aborted) {
        const readings = readingsFrom(next, { sensors: size, seed });
        next += CHUNK;
        yield readings;
      }
    }, { offset: () => next });
  },
  sinks: sqlite(),
}) as Blueprint; // said again because the package exports it

interface Statistic {
  kind: string;
  count: number;
  mean: number;
  /** Sum of the squares of the distances from the mean. */
  squares: number;
  min: number;
  max: number;
}

/** Welford's running mean and sum of squares. */
function add(state: Statistic, value: number): void {
  const away = value - state.mean;
  state.count++;
  state.mean += away / state.count;
  state.squares += away * (value - state.mean);
  if (value < state.min) state.min = value;
  if (value > state.max) state.max = value;
}

function statistic(device: string, { kind, count, mean, squares, min, max }: Statistic, at: number) {
  return { device, kind, at, count, mean, deviation: Math.sqrt(squares / count), min, max };
}

interface Fleet {
  readonly sensors: number;
  readonly seed: number;
}

/** The readings of one chunk: the sensors in turn, over and over, without those that are asleep. */
function readingsFrom(first: number, { sensors, seed }: Fleet) {
  const at = Date.now();
  const readings = [];
  for (let place = first; place < first + CHUNK; place++) {
    const sensor = place % sensors;
    const reading = Math.floor(place / sensors) + sensor * 7; // so that no two sensors are in step
    const episode = Math.floor(reading / EPISODE);
    if (chance(seed, sensor, episode) < ASLEEP) continue;
    const kind = KINDS[sensor % KINDS.length];
    const value = valueOf(SIGNALS[kind], { seed, sensor, reading });
    readings.push({ device: `${kind}-${sensor}`, kind, at, value });
  }
  return readings;
}

function valueOf(
  { middle, swing, cycle, noise, limit }: Signal,
  { seed, sensor, reading }: { seed: number; sensor: number; reading: number },
): number {
  const sound = middle + swing * Math.sin((2 * Math.PI * reading) / cycle) +
    noise * (2 * chance(seed + 1, sensor, reading) - 1);
  if (chance(seed + 2, sensor, Math.floor(reading / EPISODE)) >= FAILING) return sound;
  const progress = (reading % EPISODE) / EPISODE;
  return sound + progress ** 2 * (limit * 1.2 - middle); // a failing sensor drifts over the limit
}

/** A number from 0 to 1, always the same for the same three: a hash with the finalizer of MurmurHash3. */
function chance(seed: number, sensor: number, moment: number): number {
  let hash = Math.imul(seed, 0x9e3779b1) ^ Math.imul(sensor, 0x85ebca77) ^ Math.imul(moment, 0xc2b2ae3d);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

function count(name: string, value: unknown): number {
  if (Number.isInteger(value) && (value as number) > 0) return value as number;
  throw new RangeError(`setting ${name}: expected a whole number above 0, found ${JSON.stringify(value)}`);
}
