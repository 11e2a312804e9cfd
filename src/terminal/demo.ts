/**
 * What `start` runs when it is told nothing: the demo fleet of `examples/`.
 *
 * @module
 */

import { whole } from "./numbers.ts";
import type { Values } from "./values.ts";

/** Where the demo keeps its data. */
export const DEMO_DATA: string = "./data";

/** The demo's pace: one reading a second from each of its sensors. */
export const DEMO_RATE_PER_SECOND: number = 5_000;

/** The demo's sensors. */
export const DEMO_SENSORS: number = 5_000;

/** The demo's blueprint. It ends as this module does: the npm form of the package has `.js` files. */
export function demoUrl(): URL {
  const extension = import.meta.url.endsWith(".js") ? "js" : "ts";
  return new URL(`../../examples/fleet.${extension}`, import.meta.url);
}

/** The demo's values where none were given. */
export function demoValues(values: Values): Values {
  return {
    data: DEMO_DATA,
    ratePerSecond: DEMO_RATE_PER_SECOND,
    ...values,
    settings: { sensors: DEMO_SENSORS, ...values.settings },
  };
}

/** What the demo does, in words. */
export function demoWords({ settings, ratePerSecond }: Values): string {
  const pace = ratePerSecond === null ? "as fast as they go" : `${whole(ratePerSecond!)} readings per second`;
  return `${whole(Number(settings!.sensors))} simulated sensors, ${pace}`;
}
