/** Test material, and what a plain loop makes of it. */

import { randomFrom } from "../../src/testing/virtual_clock.ts";

export interface Reading {
  device: string;
  at: number;
  celsius: number;
}

export interface Average {
  device: string;
  at: number;
  mean: number;
  count: number;
}

/** The same `items` readings of `devices` devices every time. */
export function* readings(items: number, devices: number): Generator<Reading> {
  const random = randomFrom(42);
  for (let at = 1; at <= items; at++) {
    yield { device: `device-${Math.floor(random() * devices)}`, at, celsius: random() * 100 };
  }
}

/** Averages in order for each device; `skip` tells which readings to leave out. */
export function plainLoop(
  items: Iterable<Reading>,
  skip: (reading: Reading) => boolean = () => false,
): Map<string, Average[]> {
  const states = new Map<string, { count: number; mean: number }>();
  const averages = new Map<string, Average[]>();
  for (const reading of items) {
    if (skip(reading)) continue;
    const { device, at, celsius } = reading;
    const state = states.get(device) ?? { count: 0, mean: 0 };
    states.set(device, state);
    state.count++;
    state.mean += (celsius - state.mean) / state.count;
    const list = averages.get(device) ?? [];
    averages.set(device, list);
    list.push({ device, at, mean: state.mean, count: state.count });
  }
  return averages;
}
