import { Histogram } from "../../src/metrics/mod.ts";
import type {
  Accounts,
  EndpointReport,
  Inspection,
  Moment,
  ServiceReport,
} from "../../src/operations/mod.ts";

/** A report about `workshops` workshops; everything in it follows from `tick`. */
export function inspectionOf(tick: number, { workshops = 2 }: { workshops?: number } = {}): Inspection {
  const ids = Array.from({ length: workshops }, (_, id) => id);
  const wave = (id: number) => (1 + Math.sin((tick + 3 * id) / 5)) / 2;
  return {
    at: 1_700_000_000_000 + tick * 1_000,
    itemsPerSecond: Math.round(90_000 + 12_000 * wave(0)),
    productsPerSecond: Math.round(91_000 + 12_000 * wave(0)),
    boughtPerSecond: 100_000,
    workers: 5_000,
    totals: totalsOf(tick),
    latencyMs: { p50: 3.2, p99: 18 + 20 * wave(1) },
    lines: ids.map((id) => lineOf(id, wave(id))),
    workshops: ids.map((id) => workshopOf(id, wave(id))),
    warehouse: {
      items: 812,
      bytes: 3_200_000,
      capacityBytes: 32 * 1024 * 1024,
      products: productsOf(tick),
    },
    procurement: {
      source: "demo fleet",
      state: "buying",
      offset: tick,
      ratePerSecond: null,
      pushWaiting: 0,
      busy: 0.31,
    },
    transport: { busy: 0.4 },
    epoch: { current: tick + 1, committed: tick },
    bottleneck: wave(1) > 0.8 ? "workshop 1" : null,
    advice: wave(1) > 0.8
      ? "Workshop 1 is busy all the time and its line is full. More workshops would help if cores are left."
      : "Nothing holds the factory back: it takes all that the source brings.",
    memoryBytes: 412_000_000,
    staffing: null,
    alarms: [],
  };
}

/** Two services: one is well, and one has an endpoint that is down and calls that wait. */
export function servicesOf(tick: number): NonNullable<Inspection["services"]> {
  const wave = (1 + Math.sin(tick / 5)) / 2;
  const endpoint = (port: number, changes: Partial<EndpointReport> = {}): EndpointReport => ({
    url: `http://10.0.0.7:${port}`,
    state: "closed",
    inFlight: 6,
    connections: 8,
    latencyMs: 24,
    callsPerSecond: 400 + 50 * wave,
    failuresPerSecond: 0,
    ...changes,
  });
  const service = (name: string, changes: Partial<ServiceReport>): ServiceReport => ({
    name,
    callsPerSecond: 800 + 100 * wave,
    failuresPerSecond: 0,
    retriesPerSecond: 0,
    hedgesPerSecond: 0,
    backPressurePerSecond: 0,
    limit: 64,
    inFlight: 12,
    waiting: 0,
    rttMs: { p50: 22, p99: 61 },
    known: 2,
    states: { "closed": 2, "half-open": 0, "ejected": 0, "open": 0 },
    stranded: [],
    endpoints: [endpoint(9_001), endpoint(9_002)],
    ...changes,
  });
  const down = endpoint(9_103, { state: "open", inFlight: 0, callsPerSecond: 0.5, failuresPerSecond: 0.5 });
  return [
    service("data", {}),
    service("compute-robot", {
      callsPerSecond: 4,
      failuresPerSecond: 1,
      limit: 8,
      inFlight: 8,
      waiting: 120,
      rttMs: { p50: 2_100, p99: 3_400 },
      known: 3,
      states: { "closed": 1, "half-open": 0, "ejected": 1, "open": 1 },
      endpoints: [down, endpoint(9_102, { state: "ejected", latencyMs: null }), endpoint(9_101)],
    }),
  ];
}

/** Moments of the `tick` seconds so far. */
export function momentsOf(tick: number): Moment[] {
  return Array.from({ length: tick }, (_, i) => {
    const { at, itemsPerSecond, productsPerSecond, latencyMs, workers, memoryBytes } = inspectionOf(i + 1);
    const epochMs = 240 + 40 * Math.sin(i / 9);
    return { at, itemsPerSecond, productsPerSecond, latencyMs, workers, memoryBytes, epochMs };
  });
}

/** Accounts after `tick` seconds. */
export function accountsOf(tick: number): Accounts {
  const durations = (seconds: number) => {
    const histogram = new Histogram();
    histogram.record(seconds, tick);
    return histogram.snapshot();
  };
  return {
    totals: totalsOf(tick),
    deadLetters: { error: 1, late: 1 },
    dismissed: { idle: 200, asked: 10 },
    restarts: { "workshop 0": 0, "workshop 1": 1 },
    workshops: [0, 1].map((workshop) => ({ workshop, turns: durations(0.002), latency: durations(0.02) })),
    deliveries: durations(0.004),
    epochs: durations(0.3),
  };
}

/** Totals after `tick` seconds. */
export function totalsOf(tick: number): Inspection["totals"] {
  return {
    materials: tick * 96_000,
    products: tick * 97_000,
    retries: 14,
    deadLetters: 2,
    hired: 5_210,
    dismissed: 210,
    rejected: 3,
  };
}

function productsOf(tick: number): Inspection["warehouse"]["products"] {
  return ["average", "alarm"].map((type, i) => ({
    type,
    waiting: i === 0 ? 800 : 12,
    waitingBytes: i === 0 ? 3_150_000 : 50_000,
    oldestMs: i === 0 ? 42 : 7,
    delivered: tick * (i === 0 ? 96_000 : 1_000),
    lastDeliveryAt: 1_700_000_000_000 + tick * 1_000 - 35,
    sink: "sqlite",
    sinkState: i === 0 ? "ok" : "retrying",
    sinkError: i === 0 ? null : "database is locked",
    deliveryErrors: i === 0 ? 0 : 4,
  }));
}

function lineOf(workshop: number, share: number): Inspection["lines"][number] {
  const batches = Math.round(share * 8);
  return {
    workshop,
    batches,
    items: batches * 1_280,
    bytes: batches * 65_536,
    capacityBatches: 8,
    oldestMs: batches * 2.4,
    backPressure: share > 0.8 ? "high" : share > 0.4 ? "low" : "ok",
    blocked: share > 0.8 ? share : 0,
    itemsPerSecond: Math.round(45_000 + 9_000 * share),
  };
}

function workshopOf(id: number, share: number): Inspection["workshops"][number] {
  return {
    id,
    state: "ok",
    slots: 128,
    workers: 2_500,
    busy: 0.2 + 0.75 * share,
    itemsPerSecond: Math.round(45_000 + 9_000 * share),
    turnMs: { p50: 0.008, p99: 0.06 },
    restarts: id,
    heapBytes: 80_000_000,
    belted: Math.round(share * 900),
    inFlight: 0,
    hotKey: null,
  };
}
