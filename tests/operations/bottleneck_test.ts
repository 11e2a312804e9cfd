import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LineReport, WorkshopReport } from "../../src/operations/mod.ts";
import { findBottleneck, type Surroundings, type Survey } from "../../src/operations/bottleneck.ts";
import { product } from "./figures.ts";

const around: Surroundings = {
  procurement: "ok",
  transport: "ok",
  conveyorsBlocked: 0,
  servicesOf: () => [],
};

/** A factory in which 1,000 items a second flow and nobody waits for anybody. */
function survey(changes: Partial<Survey> = {}): Survey {
  return {
    at: 0,
    itemsPerSecond: 1_000,
    productsPerSecond: 1_000,
    boughtPerSecond: 1_000,
    workers: 10,
    totals: { materials: 0, products: 0, retries: 0, deadLetters: 0, hired: 0, dismissed: 0, rejected: 0 },
    latencyMs: { p50: 0, p99: 0 },
    lines: [line(0), line(1)],
    workshops: [workshop(0), workshop(1)],
    warehouse: { items: 0, bytes: 0, capacityBytes: 1_000, products: [product("average"), product("alarm")] },
    procurement: { ...buying },
    transport: { busy: 0.1 },
    epoch: { current: 2, committed: 1 },
    memoryBytes: 0,
    ...changes,
  };
}

const buying = {
  source: "ndjson",
  state: "buying",
  offset: null,
  ratePerSecond: null,
  pushWaiting: 0,
  busy: 0.2,
};

function line(workshop: number, changes: Partial<LineReport> = {}): LineReport {
  return {
    workshop,
    batches: 1,
    items: 100,
    bytes: 1_000,
    capacityBatches: 8,
    oldestMs: 1,
    backPressure: "ok",
    blocked: 0,
    itemsPerSecond: 500,
    ...changes,
  };
}

function workshop(id: number, changes: Partial<WorkshopReport> = {}): WorkshopReport {
  return {
    id,
    state: "ok",
    slots: 128,
    workers: 5,
    busy: 0.3,
    itemsPerSecond: 500,
    turnMs: { p50: 0, p99: 0 },
    restarts: 0,
    heapBytes: 0,
    belted: 0,
    inFlight: 0,
    hotKey: null,
    ...changes,
  };
}

function full(...products: Survey["warehouse"]["products"]): Survey["warehouse"] {
  return { items: 10, bytes: 900, capacityBytes: 1_000, products };
}

describe("findBottleneck()", () => {
  it("names the source when nobody waits for anybody", () => {
    assert.deepEqual(findBottleneck(survey(), around), {
      bottleneck: "source",
      advice: "ndjson is slower than the factory: nothing waits for anything else",
    });
  });

  it("names nothing when nothing flows", () => {
    assert.deepEqual(findBottleneck(survey({ boughtPerSecond: 0, itemsPerSecond: 0 }), around), {
      bottleneck: null,
      advice: "nothing flows: ndjson gives nothing",
    });
  });

  it("names nothing when nothing is bought on purpose", () => {
    for (const state of ["opening", "paused", "ended", "failed", "closed"]) {
      assert.deepEqual(findBottleneck(survey({ procurement: { ...buying, state } }), around), {
        bottleneck: null,
        advice: `nothing is bought: procurement's state is ${state}`,
      });
    }
  });

  it("names the pace when it is set and reached", () => {
    const paced = { ...buying, ratePerSecond: 5_000 };
    assert.deepEqual(findBottleneck(survey({ boughtPerSecond: 4_990, procurement: paced }), around), {
      bottleneck: "source",
      advice: "the pace of 5,000 items/s is the limit",
    });
    const missed = findBottleneck(survey({ boughtPerSecond: 4_000, procurement: paced }), around);
    assert.match(missed.advice, /^ndjson is slower/);
  });

  it("names the pace rather than lines that are blocked now and then", () => {
    const found = findBottleneck(
      survey({ procurement: { ...buying, ratePerSecond: 1_000 }, lines: [line(0, { blocked: 0.2 })] }),
      around,
    );
    assert.equal(found.bottleneck, "source");
  });

  it("forgives a slow pace one item", () => {
    const slow = { ...buying, ratePerSecond: 2 };
    assert.match(
      findBottleneck(survey({ boughtPerSecond: 1, procurement: slow }), around).advice,
      /pace of 2 /,
    );
    const dry = survey({
      boughtPerSecond: 0,
      itemsPerSecond: 0,
      procurement: { ...buying, ratePerSecond: 1 },
    });
    assert.equal(findBottleneck(dry, around).bottleneck, null);
  });

  it("names procurement when it is busy and no line is blocked", () => {
    assert.deepEqual(findBottleneck(survey({ procurement: { ...buying, busy: 0.95 } }), around), {
      bottleneck: "procurement",
      advice: "procurement is busy 95 %: make the schema or `key` cheaper",
    });
  });

  it("names the busy workshop of the most blocked line", () => {
    const found = findBottleneck(
      survey({
        lines: [line(1, { blocked: 0.2 }), line(2, { blocked: 0.3 })],
        workshops: [workshop(1, { busy: 0.97 }), workshop(2, { busy: 0.98 })],
        procurement: { ...buying, busy: 0.95 },
      }),
      around,
    );
    assert.deepEqual(found, {
      bottleneck: "workshop 2",
      advice: "workshop 2 is busy 98 %: add workshops or make `work` faster",
    });
  });

  it("names a workshop of many, of which each has only a small share in the wait", () => {
    const ids = Array.from({ length: 16 }, (_, id) => id);
    const lines = ids.map((id) => line(id, { blocked: 0.06 }));
    const workshops = ids.map((id) => workshop(id, { busy: 0.99 }));
    assert.equal(findBottleneck(survey({ lines, workshops }), around).bottleneck, "workshop 0");
  });

  it("suspects hot keys when one workshop is busy and the others idle", () => {
    const lines = [line(0), line(1, { blocked: 0.8 })];
    const hot = workshop(1, { busy: 0.98 });
    assert.deepEqual(
      findBottleneck(survey({ lines, workshops: [workshop(0, { busy: 0.1 }), hot] }), around),
      {
        bottleneck: "workshop 1",
        advice: "workshop 1 is busy 98 % while the others idle: " +
          "a few hot keys have most of the items, spread them over more keys",
      },
    );
    const half = findBottleneck(survey({ lines, workshops: [workshop(0, { busy: 0.5 }), hot] }), around);
    assert.match(half.advice, /add workshops/);
    const alone = findBottleneck(survey({ lines: [lines[1]], workshops: [hot] }), around);
    assert.match(alone.advice, /add workshops/);
  });

  it("names an idle workshop whose turns wait for somebody else", () => {
    const lines = [line(0), line(1, { blocked: 0.8 })];
    const asynchronous = workshop(1, { busy: 0.2, inFlight: 1_000 });
    assert.deepEqual(findBottleneck(survey({ lines, workshops: [workshop(0), asynchronous] }), around), {
      bottleneck: "workshop 1",
      advice: "workshop 1 has 1,000 turns in flight: " +
        "raise turn.concurrency or make the services it waits for faster",
    });
    const single = workshop(1, { busy: 0.2, inFlight: 1 });
    assert.match(
      findBottleneck(survey({ lines, workshops: [single] }), around).advice,
      /has 1 turn in flight/,
    );
  });

  it("advises more batches in flight when procurement waits for an idle workshop", () => {
    const lines = [line(0), line(1, { blocked: 0.4 })];
    assert.deepEqual(findBottleneck(survey({ lines }), around), {
      bottleneck: "workshop 1",
      advice: "procurement waits for workshop 1 40 % of the time though it is busy only 30 %: " +
        "allow more batches in flight",
    });
  });

  it("overlooks a blocked line whose workshop is gone", () => {
    const found = findBottleneck(survey({ lines: [line(7, { blocked: 0.4 })] }), around);
    assert.equal(found.bottleneck, "source");
  });

  it("overlooks a busy workshop that nobody waits for", () => {
    const workshops = [workshop(0, { busy: 0.99 }), workshop(1)];
    assert.equal(findBottleneck(survey({ workshops }), around).bottleneck, "source");
  });

  it("names the failing sink that holds up the workshops", () => {
    const warehouse = full(
      product("average", { waiting: 9, waitingBytes: 900 }),
      product("alarm", { waiting: 1, sink: "http", sinkState: "retrying", sinkError: "connection refused" }),
    );
    const lines = [line(0, { blocked: 0.9 }), line(1)];
    assert.deepEqual(findBottleneck(survey({ warehouse, lines }), around), {
      bottleneck: "sink alarm",
      advice: "sink alarm is retrying (connection refused) and 1 product waits: " +
        "see to http, the factory goes on by itself",
    });
    const failed = full(product("alarm", { waiting: 2, sink: "http", sinkState: "failed" }));
    assert.deepEqual(findBottleneck(survey({ warehouse: failed }), around), {
      bottleneck: "sink alarm",
      advice: "sink alarm has failed and 2 products wait: see to http",
    });
  });

  it("overlooks a retrying sink while the warehouse has room", () => {
    const warehouse = { ...full(product("alarm", { sinkState: "retrying", waiting: 5 })), bytes: 100 };
    assert.equal(findBottleneck(survey({ warehouse }), around).bottleneck, "source");
  });

  it("names the sink that most products wait for", () => {
    const products = [
      product("alarm", { waiting: 5, waitingBytes: 50 }),
      product("average", { waiting: 12_000, waitingBytes: 850 }),
    ];
    const slow = {
      bottleneck: "sink average",
      advice: "12,000 products wait for sink average: make ndjson average.ndjson faster or ship less",
    };
    assert.deepEqual(findBottleneck(survey({ warehouse: full(...products) }), around), slow);
    const warehouse = { ...full(...products), bytes: 500 };
    assert.deepEqual(findBottleneck(survey({ warehouse }), { ...around, conveyorsBlocked: 0.3 }), slow);
  });

  it("names transport when it is too busy to empty the conveyors", () => {
    const warehouse = full(product("average", { waiting: 9, waitingBytes: 900 }));
    assert.deepEqual(findBottleneck(survey({ warehouse, transport: { busy: 0.93 } }), around), {
      bottleneck: "transport",
      advice: "transport is busy 93 %: ship fewer or smaller products",
    });
  });

  it("names transport when the workshops wait for it though nothing waits for a sink", () => {
    assert.deepEqual(findBottleneck(survey(), { ...around, conveyorsBlocked: 0.3 }), {
      bottleneck: "transport",
      advice:
        "workshops wait for transport 30 % of the time though it isn't busy: allow more batches in flight",
    });
  });

  it("names a workshop that doesn't answer while items wait in its line", () => {
    const lines = [line(0), line(1, { items: 4_096 })];
    const workshops = [workshop(0), workshop(1, { state: "silent" })];
    assert.deepEqual(findBottleneck(survey({ lines, workshops }), around), {
      bottleneck: "workshop 1",
      advice: "workshop 1 does not answer and 4,096 items wait in its line: does `work` loop?",
    });
    const idle = findBottleneck(survey({ lines: [line(0), line(1, { items: 0 })], workshops }), around);
    assert.equal(idle.bottleneck, "source");
  });

  it("names a department that doesn't answer", () => {
    assert.deepEqual(findBottleneck(survey(), { ...around, procurement: "silent" }), {
      bottleneck: "procurement",
      advice: "procurement does not answer: what is reported of it is old",
    });
    assert.deepEqual(findBottleneck(survey(), { ...around, transport: "failed" }), {
      bottleneck: "transport",
      advice: "transport answers with an error: what is reported of it is old",
    });
  });
});
