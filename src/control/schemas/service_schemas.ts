import { z } from "zod";
import type { EndpointReport, ServiceReport } from "../../operations/mod.ts";
import { percentilesMs } from "./floor_schemas.ts";

const count = z.int().min(0);
const rate = z.number().min(0);

/** An endpoint of a service. */
const endpoint: z.ZodType<EndpointReport> = z.object({
  url: z.string(),
  state: z.enum(["closed", "half-open", "open", "ejected"]).describe(
    "The worst that a workshop finds it in: `closed` is well, `half-open` is being tried again, `ejected` is left " +
      "out for failing more than the others, `open` takes no calls.",
  ),
  inFlight: count.describe("Attempts under way."),
  connections: count,
  latencyMs: z.number().min(0).nullable().describe("How long answers took lately; null if there were none."),
  callsPerSecond: rate.describe("Attempts that ended."),
  failuresPerSecond: rate.describe("Attempts that failed by the endpoint's fault."),
}).meta({ id: "Endpoint" });

/** A service that the blueprint names. */
export const serviceReport: z.ZodType<ServiceReport> = z.object({
  name: z.string(),
  callsPerSecond: rate.describe("Calls that ended, those that failed too."),
  failuresPerSecond: rate.describe("Calls that failed in the end."),
  retriesPerSecond: rate.describe("Attempts after a failure."),
  hedgesPerSecond: rate.describe("Attempts beside a slow one."),
  backPressurePerSecond: rate.describe("Answers that asked for less: 429, 503, or none in time."),
  limit: count.describe("Attempts that may be in flight: the sum of the workshops' adaptive limits."),
  inFlight: count.describe("Attempts in flight."),
  waiting: count.describe("Calls that wait for the limit, or for an endpoint."),
  rttMs: percentilesMs.describe("Round trips of the last second's answers; 0 if there were none."),
  known: count.describe("Endpoints that are known."),
  states: z.object({ "closed": count, "half-open": count, "ejected": count, "open": count })
    .describe("How many endpoints are in which state."),
  stranded: z.array(count).describe("Ids of the workshops that call it and find no endpoint well."),
  endpoints: z.array(endpoint).describe("Those in trouble first, then by URL; the first 32."),
}).meta({ id: "Service" });
