import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ClosedError, DeadlineError, DepartmentError } from "../../src/core/mod.ts";
import { CALL_MS } from "../../src/core/limits.ts";
import { Patience } from "../../src/headquarters/patience.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";

const never = new Promise<never>(() => {});

describe("Patience", () => {
  it("settles as the call does", async () => {
    const patience = new Patience(new VirtualClock());
    assert.equal(await patience.await(Promise.resolve(7)), 7);
    await assert.rejects(patience.await(Promise.reject(new Error("odd"))), /odd/);
    assert.equal(await patience.quick("transport", Promise.resolve(7)), 7);
    await assert.rejects(patience.quick("transport", Promise.reject(new Error("odd"))), /odd/);
  });

  it("gives up a quick call at its deadline, naming the department", async () => {
    const clock = new VirtualClock();
    const patience = new Patience(clock);
    await assert.rejects(clock.until(patience.quick("workshop 3", never)), (error: DepartmentError) => {
      assert.ok(error instanceof DepartmentError);
      assert.equal(error.fields.department, "workshop 3");
      assert.match(error.message, /workshop 3: no answer within 10000 ms/);
      assert.ok(error.cause instanceof DeadlineError);
      assert.equal(error.cause.fields.ms, CALL_MS);
      return true;
    });
    assert.equal(clock.monotonic(), CALL_MS);
    await assert.rejects(clock.until(patience.quick("transport", never, 50)), /within 50 ms/);
    assert.equal(clock.monotonic(), CALL_MS + 50);
  });

  it("waits for other calls as long as they take", async () => {
    const clock = new VirtualClock();
    const patience = new Patience(clock);
    const slow = new Promise((resolve) => clock.after(86_400_000, () => resolve("at last")));
    assert.equal(await clock.until(patience.await(slow), { limitMs: Infinity }), "at last");
  });

  it("ends every call under way, and whatever comes, with the first error", async () => {
    const clock = new VirtualClock();
    const patience = new Patience(clock);
    const calls = [patience.await(never), patience.quick("transport", never)];
    const refused = calls.map((call) => assert.rejects(call, /first/));
    patience.end(new ClosedError("first"));
    patience.end(new ClosedError("second"));
    await Promise.all(refused);
    await assert.rejects(patience.await(Promise.resolve(7)), /first/);
    await assert.rejects(patience.quick("transport", Promise.resolve(7)), /first/);
  });

  it("takes no notice of calls that fail after they were given up", async () => {
    const clock = new VirtualClock();
    const patience = new Patience(clock);
    const { promise, reject } = Promise.withResolvers<void>();
    const refused = assert.rejects(patience.await(promise), /over/);
    patience.end(new Error("over"));
    await refused;
    reject(new Error("too late"));
    patience.await(Promise.reject(new Error("later still"))).catch(() => {});
    await clock.advance(1_000);
  });
});
