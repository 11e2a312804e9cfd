import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Report, type Symptom, symptomsOf, type Watched } from "../../src/operations/symptoms.ts";
import { product } from "./figures.ts";

const watched: Watched = { latencyLimitMs: 1_000, procurement: "ok", transport: "ok" };

function line(changes: Partial<Report["lines"][number]> = {}): Report["lines"][number] {
  return {
    workshop: 0,
    batches: 0,
    items: 0,
    bytes: 0,
    capacityBatches: 8,
    oldestMs: 0,
    backPressure: "ok",
    blocked: 0,
    itemsPerSecond: 10,
    ...changes,
  };
}

function workshop(changes: Partial<Report["workshops"][number]> = {}): Report["workshops"][number] {
  return {
    id: 0,
    state: "ok",
    slots: 256,
    workers: 1,
    busy: 0.5,
    itemsPerSecond: 10,
    turnMs: { p50: 0, p99: 0 },
    restarts: 0,
    heapBytes: 0,
    belted: 0,
    inFlight: 0,
    hotKey: null,
    ...changes,
  };
}

function symptoms(changes: Partial<Report> = {}, other: Partial<Watched> = {}): Symptom[] {
  const report = {
    latencyMs: { p50: 1, p99: 1 },
    lines: [line()],
    workshops: [workshop()],
    warehouse: { items: 0, bytes: 0, capacityBytes: 0, products: [product("average")] },
    ...changes,
  } as Report;
  return symptomsOf(report, { ...watched, ...other });
}

function hot(share: number, changes: Partial<Report["workshops"][number]> = {}): Symptom[] {
  return symptoms({ workshops: [workshop({ hotKey: { key: "k", share }, ...changes })] });
}

describe("symptomsOf()", () => {
  it("finds nothing when all is well", () => assert.deepEqual(symptoms(), []));

  it("finds a line whose workshop takes nothing", () => {
    const stalled = { lines: [line({ items: 7, oldestMs: 12_300 })] };
    const [symptom] = symptoms({ ...stalled, workshops: [workshop({ itemsPerSecond: 0 })] });
    assert.equal(symptom.kind, "stalled-line");
    assert.equal(symptom.subject, "line 0");
    assert.match(symptom.message, /7 items wait, the oldest for 12\.3 s/);
    assert.deepEqual(symptoms(stalled), []);
    assert.deepEqual(symptoms({ workshops: [workshop({ itemsPerSecond: 0 })] }), []);
    const fullBelts = workshop({ itemsPerSecond: 0, turnMs: { p50: 260, p99: 300 } });
    assert.deepEqual(symptoms({ ...stalled, workshops: [fullBelts] }), []);
  });

  it("finds silent workshops and departments", () => {
    const found = symptoms({ workshops: [workshop({ state: "silent" })] }, { transport: "failed" });
    assert.deepEqual(found.map(({ kind, message }) => `${kind}: ${message}`), [
      "silent-workshop: workshop 0 does not answer",
      "silent-department: transport answers with an error",
    ]);
  });

  it("lets a workshop be opened in peace, unless something waits for it", () => {
    const workshops = [workshop({ state: "silent", slots: 0 })];
    assert.deepEqual(symptoms({ workshops }), []);
    const kinds = symptoms({ workshops, lines: [line({ items: 3 })] }).map(({ kind }) => kind);
    assert.deepEqual(kinds, ["silent-workshop"]);
  });

  it("finds sinks that refuse, with what they say", () => {
    const down = product("alarm", { sinkState: "retrying", sinkError: "no route to host", waiting: 12 });
    const products = [product("average"), down];
    const [symptom] = symptoms({ warehouse: { items: 0, bytes: 0, capacityBytes: 0, products } });
    assert.equal(symptom.subject, "sink alarm");
    assert.match(symptom.message, /refuses deliveries, 12 products wait: no route to host/);
  });

  it("finds services that a workshop can't call", () => {
    const scales = { name: "scales", known: 2, stranded: [0, 3], waiting: 12 };
    const found = (changes: Partial<typeof scales>) =>
      symptoms({ services: [{ ...scales, ...changes }] as Report["services"] });
    const [{ kind, subject, message }] = found({});
    assert.deepEqual([kind, subject], ["service-down", "service scales"]);
    assert.equal(
      message,
      "service scales can't be called by workshops 0, 3: none of its endpoints is well, 12 calls wait",
    );
    assert.match(found({ known: 0 })[0].message, /^service scales has no endpoint, 12 calls wait: start one/);
    assert.deepEqual(found({ stranded: [] }), []);
  });

  it("finds latency over the limit, and between the limits keeps only what stands", () => {
    const p99 = (ms: number) => symptoms({ latencyMs: { p50: 0, p99: ms } });
    assert.deepEqual(p99(799), []);
    assert.deepEqual(p99(0).map(({ grade }) => grade), ["unknown"]);
    assert.deepEqual(p99(900).map(({ grade }) => grade), ["mild"]);
    assert.deepEqual(p99(1_001).map(({ grade }) => grade), ["acute"]);
  });

  it("finds a key with over half of a loaded workshop's items", () => {
    assert.deepEqual(hot(0.3), []);
    assert.deepEqual(hot(0.45).map(({ grade }) => grade), ["mild"]);
    assert.deepEqual(hot(0.6).map(({ grade }) => grade), ["acute"]);
    assert.match(hot(0.6)[0].message, /^key k has 60 % of workshop 0's items/);
  });

  it("lets a key have an idle workshop for itself, unless items wait", () => {
    assert.deepEqual(hot(1, { busy: 0.02 }).map(({ grade }) => grade), ["mild"]);
    assert.deepEqual(hot(1, { busy: 0.02, belted: 3 }).map(({ grade }) => grade), ["acute"]);
    assert.deepEqual(hot(1, { itemsPerSecond: 0 }), []);
  });

  it("shows a key so that it can do no harm where alarms are read", () => {
    const key = `a\n"b"\u001b[31m\u202e${"x".repeat(10_000)}`;
    const [{ subject, message }] = symptoms({ workshops: [workshop({ hotKey: { key, share: 1 } })] });
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(subject + message, /[\u0000-\u001f\u202e]/);
    assert.ok(message.length < 400);
    assert.ok(subject.startsWith('key a\\u000a"b"\\u001b[31m\\u202exxx'), subject);
  });
});
