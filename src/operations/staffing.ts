/**
 * How many workshops there should be, by what the inspections of the last minute show.
 *
 * @module
 */

import type { LineReport, WorkshopReport } from "./floor_report.ts";

/** What an inspection says about the number of workshops. */
export interface Staffing {
  /** How many there should be. */
  workshops: number;
  /** Why, in words. */
  reason: string;
}

/** Within what the number may change. */
export interface StaffingBounds {
  readonly min: number;
  readonly max: number;
}

/** What is looked at. */
export interface Load {
  readonly lines: readonly LineReport[];
  readonly workshops: readonly WorkshopReport[];
  readonly itemsPerSecond: number;
}

/** Inspections in a row, about seconds, that must agree before one more is hired. */
const GROW_ROUNDS = 10;

/** Before one is let go. */
const SHRINK_ROUNDS = 60;

/** Busy on average from here on: full. */
const FULL = 0.9;

/** As busy as this would those be that stay: idle enough to let one go. */
const ROOMY = 0.6;

/** What one more must bring at least, or it goes again. */
const GAIN = 1.05;

/** So many inspections after one more was of no use, none is hired. */
const DISCOURAGED_ROUNDS = 600;

/**
 * Hires one more when all have been full and lines have pushed back for ten seconds, and lets it go if that brought
 * nothing; lets one go when the others could easily have done its work for a minute. Each move stops the factory for
 * a moment, so that it is made seldom, and one at a time.
 */
export class Staffer {
  readonly #bounds: StaffingBounds;
  #fullRounds = 0;
  #roomyRounds = 0;
  #discouraged = 0;
  /** Items per second before the last hire, until it has shown what it brings. */
  #before: { itemsPerSecond: number; rounds: number; sum: number } | undefined;
  /** Items served in these rounds. */
  #fullItems = 0;
  #size = 0;

  constructor(bounds: StaffingBounds) {
    this.#bounds = bounds;
  }

  /** What the inspection of this round says. */
  judge(load: Load): Staffing {
    const size = load.workshops.length;
    if (size !== this.#size) this.#settle(size);
    const busy = load.workshops.reduce((total, workshop) => total + workshop.busy, 0);
    const pushesBack = load.lines.some(({ backPressure }) => backPressure === "high");
    if (this.#discouraged > 0) this.#discouraged--;
    const full = busy / size >= FULL && pushesBack;
    this.#fullRounds = full ? this.#fullRounds + 1 : 0;
    this.#fullItems = full ? this.#fullItems + load.itemsPerSecond : 0;
    this.#roomyRounds = size > 1 && busy / (size - 1) <= ROOMY && !pushesBack ? this.#roomyRounds + 1 : 0;
    return this.#probation(load, size) ?? this.#growth(busy, size) ?? this.#shrinkage(busy, size) ??
      { workshops: size, reason: `${size} workshops, busy ${percent(busy / size)} on average: enough` };
  }

  /** A hire has to show what it brings. */
  #probation({ itemsPerSecond }: Load, size: number): Staffing | undefined {
    const before = this.#before;
    if (before === undefined) return undefined;
    before.rounds++;
    before.sum += itemsPerSecond;
    if (before.rounds < GROW_ROUNDS) {
      return { workshops: size, reason: `${size} workshops: what the last one brings is being measured` };
    }
    this.#before = undefined;
    const after = before.sum / before.rounds;
    if (after >= before.itemsPerSecond * GAIN || size <= this.#bounds.min) return undefined;
    this.#discouraged = DISCOURAGED_ROUNDS;
    return {
      workshops: size - 1,
      reason:
        `workshop ${size - 1} goes: with it ${Math.round(after)} items a second were served, without it ` +
        `${Math.round(before.itemsPerSecond)}`,
    };
  }

  #growth(busy: number, size: number): Staffing | undefined {
    if (this.#fullRounds < GROW_ROUNDS || size >= this.#bounds.max || this.#discouraged > 0) return undefined;
    return {
      workshops: size + 1,
      reason:
        `one more workshop: ${size} have been busy ${percent(busy / size)} and lines have pushed back for ` +
        `${GROW_ROUNDS} s`,
    };
  }

  #shrinkage(busy: number, size: number): Staffing | undefined {
    if (this.#roomyRounds < SHRINK_ROUNDS || size <= this.#bounds.min) return undefined;
    return {
      workshops: size - 1,
      reason: `one workshop fewer: ${size} have been busy ${
        percent(busy / size)
      } on average for ${SHRINK_ROUNDS} s`,
    };
  }

  /** The number has changed: what was seen before says nothing any more. */
  #settle(size: number): void {
    const grown = this.#size > 0 && size === this.#size + 1 && this.#fullRounds >= GROW_ROUNDS;
    this.#before = grown
      ? { itemsPerSecond: this.#fullItems / this.#fullRounds, rounds: 0, sum: 0 }
      : undefined;
    this.#size = size;
    this.#fullRounds = this.#fullItems = this.#roomyRounds = 0;
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
