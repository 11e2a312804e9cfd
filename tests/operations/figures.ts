import {
  emptySnapshot,
  type LineFigures,
  type ProcurementFigures,
  type ProductFigures,
  type TransportFigures,
  type WorkshopFigures,
} from "../../src/metrics/mod.ts";

export function line(figures: Partial<LineFigures> = {}): LineFigures {
  return {
    batches: 0,
    items: 0,
    bytes: 0,
    capacityBatches: 8,
    oldestMs: 0,
    sentItems: 0,
    sentBatches: 0,
    blockedMs: 0,
    ...figures,
  };
}

export function procurement(figures: Partial<ProcurementFigures> = {}): ProcurementFigures {
  return {
    source: "ndjson readings.ndjson",
    state: "buying",
    materials: 0,
    rejected: 0,
    pushWaiting: 0,
    ratePerSecond: null,
    offset: null,
    epoch: 1,
    busyMs: 0,
    lines: [line(), line()],
    ...figures,
  };
}

export function workshop(id: number, figures: Partial<WorkshopFigures> = {}): WorkshopFigures {
  return {
    id,
    slots: 128,
    workers: 0,
    hired: 0,
    dismissed: {},
    materials: 0,
    products: 0,
    retries: 0,
    deadLetters: {},
    belted: 0,
    inFlight: 0,
    busyMs: 0,
    turns: emptySnapshot(),
    latency: emptySnapshot(),
    conveyor: line(),
    hotKey: null,
    heapBytes: 0,
    ...figures,
  };
}

export function product(type: string, figures: Partial<ProductFigures> = {}): ProductFigures {
  return {
    type,
    waiting: 0,
    waitingBytes: 0,
    oldestMs: 0,
    delivered: 0,
    lastDeliveryAt: null,
    sink: `ndjson ${type}.ndjson`,
    sinkState: "ok",
    sinkError: null,
    deliveryErrors: 0,
    ...figures,
  };
}

export function transport(figures: Partial<TransportFigures> = {}): TransportFigures {
  return {
    products: [],
    items: 0,
    bytes: 0,
    capacityBytes: 1_000,
    deadLetters: 0,
    busyMs: 0,
    committedEpoch: 0,
    deliveries: emptySnapshot(),
    epochs: emptySnapshot(),
    ...figures,
  };
}
