import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { CircuitBreaker } from "../../src/rpc/circuit_breaker.ts";

/** Fails until the circuit is open. */
function opened(now: number = 0): CircuitBreaker {
  const breaker = new CircuitBreaker();
  for (let i = 0; i < 5; i++) breaker.failed(now);
  assert.equal(breaker.state, "open");
  return breaker;
}

describe("the circuit breaker", () => {
  it("opens after five failures in a row, and not after four", () => {
    const breaker = new CircuitBreaker();
    for (let i = 0; i < 4; i++) breaker.failed(0);
    breaker.succeeded();
    for (let i = 0; i < 4; i++) breaker.failed(0);
    assert.equal(breaker.state, "closed");
    breaker.failed(0);
    assert.equal(breaker.state, "open");
  });

  it("opens when half of twenty calls have failed", () => {
    const breaker = new CircuitBreaker();
    for (let i = 0; i < 19; i++) i % 2 === 0 ? breaker.failed(0) : breaker.succeeded();
    assert.equal(breaker.state, "closed");
    breaker.failed(0);
    assert.equal(breaker.state, "open");
  });

  it("lets one probe pass, and closes when it succeeds", () => {
    const breaker = opened();
    assert.equal(breaker.passableAt, 250);
    breaker.pass();
    assert.equal(breaker.state, "half-open");
    assert.equal(breaker.passableAt, Infinity);
    assert.equal(breaker.succeeded(), true);
    assert.equal(breaker.state, "closed");
  });

  it("is open for twice as long after each failed probe, two seconds at most", () => {
    const breaker = opened();
    const waits: number[] = [];
    for (let i = 0, now = 0; i < 7; i++) {
      waits.push(breaker.passableAt - now);
      now = breaker.passableAt;
      breaker.pass();
      breaker.failed(now);
    }
    assert.deepEqual(waits, [250, 500, 1_000, 2_000, 2_000, 2_000, 2_000]);
  });

  it("waits for another probe when nobody waited for the first one's answer", () => {
    const breaker = opened();
    breaker.pass();
    breaker.gaveUp(400);
    assert.equal(breaker.passableAt, 400);
  });

  it("has at most one probe under way, and always lets another come sooner or later", () => {
    const steps = fc.array(fc.record({
      gapMs: fc.integer({ min: 0, max: 2_000 }),
      end: fc.constantFrom("succeeded", "failed", "gave up"),
    }));
    fc.assert(fc.property(steps, (plan) => {
      const breaker = new CircuitBreaker();
      let now = 0;
      for (const { gapMs, end } of plan) {
        now += gapMs;
        if (breaker.passableAt > now) {
          assert.ok(breaker.state === "open" && breaker.passableAt - now <= 2_000);
          continue;
        }
        const wasOpen = breaker.state === "open";
        breaker.pass();
        if (wasOpen) assert.equal(breaker.passableAt, Infinity);
        if (end === "succeeded") breaker.succeeded();
        else if (end === "failed") breaker.failed(now);
        else breaker.gaveUp(now);
        assert.notEqual(breaker.state, "half-open");
      }
    }));
  });
});
