/**
 * Services that hold up the factory, in words.
 *
 * @module
 */

import type { ServiceReport } from "./service_report.ts";
import { count, duration, plural } from "./words.ts";

/** The service that the most calls are made to at this moment, of those that have any. */
export function mostCalled(services: readonly ServiceReport[]): ServiceReport | undefined {
  return services.filter((service) => calls(service) > 0).toSorted((a, b) => calls(b) - calls(a))[0];
}

/** Calls that have begun and not ended. */
export function calls({ inFlight, waiting }: ServiceReport): number {
  return inFlight + waiting;
}

/**
 * Whether calls wait for longer than they take: more of them wait than are under way. Fewer are what a gust brings,
 * and what an adaptive limit leaves before it has doubled.
 */
export function isQueue({ inFlight, waiting }: ServiceReport): boolean {
  return waiting > inFlight;
}

/** Why calls wait for a service, and what to do about it. */
export function serviceAdvice(service: ServiceReport): string {
  const { name, known, stranded, limit, waiting, rttMs, backPressurePerSecond } = service;
  const wait = plural(waiting, "call waits", "calls wait");
  if (known === 0) return `service ${name} has no endpoint and ${wait}: start one, or see to the registry`;
  if (stranded.length > 0) {
    const whose = `workshop${stranded.length === 1 ? "" : "s"} ${stranded.join(", ")}`;
    const none = known === 1 ? "its only endpoint is not well" : `none of its ${known} endpoints is well`;
    return `${whose} can't call service ${name} and ${wait}: ${none}, the factory goes on by itself when one is`;
  }
  const answers = rttMs.p50 === 0 ? "has not answered of late" : `answers in ${duration(rttMs.p50)}`;
  const refuses = backPressurePerSecond > 0
    ? `, and asked for less ${plural(Math.ceil(backPressurePerSecond), "time", "times")} in the last second`
    : "";
  return `service ${name} ${answers} and takes ${plural(limit, "call", "calls")} at a time, ` +
    `${count(waiting)} wait${refuses}: give it more endpoints or make it faster`;
}
