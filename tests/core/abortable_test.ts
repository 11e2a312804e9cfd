import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { abortable } from "../../src/core/mod.ts";

describe("abortable()", () => {
  it("settles as the promise does, with a signal and without", async () => {
    const { signal } = new AbortController();
    for (const given of [undefined, signal]) {
      assert.equal(await abortable(Promise.resolve(7), given), 7);
      await assert.rejects(abortable(Promise.reject(new Error("odd")), given), /odd/);
    }
  });

  it("rejects with the reason when the signal aborts, or has aborted before", async () => {
    const controller = new AbortController();
    const waiting = abortable(new Promise(() => {}), controller.signal);
    controller.abort(new Error("enough"));
    await assert.rejects(waiting, /enough/);
    await assert.rejects(abortable(new Promise(() => {}), controller.signal), /enough/);
  });

  it("takes no notice of a promise that rejects after the abort", async () => {
    const controller = new AbortController();
    const { promise, reject } = Promise.withResolvers<void>();
    const waiting = abortable(promise, controller.signal);
    controller.abort(new Error("enough"));
    reject(new Error("too late"));
    await assert.rejects(waiting, /enough/);
  });
});
