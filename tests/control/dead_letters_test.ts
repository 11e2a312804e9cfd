import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DeadLetterReport } from "../../src/headquarters/mod.ts";
import { type Desk, openDesk, sending } from "./client.ts";

const letter = (id: number): DeadLetterReport => ({
  id,
  key: `k${id}`,
  reason: "error",
  error: "no such thing",
  stack: null,
  attempts: 3,
  at: 1_700_000_000_000,
  item: { device: `k${id}` },
});

function openWithLetters(): Desk {
  const desk = openDesk();
  desk.factory.letters = [1, 2, 3, 4, 5].map(letter);
  return desk;
}

const ids = (body: { deadLetters: { id: number }[] }) => body.deadLetters.map(({ id }) => id);

describe("GET /v1/dead-letters", () => {
  it("pages through what was given up, the oldest first", async () => {
    const { json } = openWithLetters();
    const first = (await json("/v1/dead-letters?limit=2")).body;
    assert.deepEqual([ids(first), first.total], [[1, 2], 5]);
    assert.deepEqual(first.deadLetters[0], letter(1));
    const rest = (await json(`/v1/dead-letters?limit=100&cursor=${first.cursor}`)).body;
    assert.deepEqual([ids(rest), rest.cursor], [[3, 4, 5], null]);
  });

  it("refuses a limit that makes no sense", async () => {
    const { json } = openWithLetters();
    for (const limit of ["0", "1001", "x", "1e2", " 1"]) {
      const { status, body } = await json(`/v1/dead-letters?limit=${limit}`);
      assert.deepEqual([status, body.errors[0].field], [400, "limit"], limit);
    }
  });
});

describe("POST /v1/dead-letters/replay", () => {
  it("replays those with the ids, or all", async () => {
    const { factory, json } = openWithLetters();
    assert.deepEqual((await json("/v1/dead-letters/replay", sending("POST", { ids: [2, 4, 9] }))).body, {
      replayed: 2,
    });
    assert.deepEqual((await json("/v1/dead-letters/replay", sending("POST", {}))).body, { replayed: 3 });
    assert.deepEqual((await json("/v1/dead-letters/replay", { method: "POST" })).body, { replayed: 0 });
    assert.deepEqual(factory.calls, ["replay 2,4,9", "replay all", "replay all"]);
  });

  it("replays nothing when a field is wrong", async () => {
    const { factory, json } = openWithLetters();
    const wrong = [
      { ids: [] },
      { ids: ["1"] },
      { ids: [1.5] },
      { ids: [-1] },
      { ids: 1 },
      { id: [1] },
      [],
      null,
    ];
    for (const body of wrong) {
      const { status } = await json("/v1/dead-letters/replay", sending("POST", body));
      assert.equal(status, 400, JSON.stringify(body));
    }
    const text = { method: "POST", body: "all" };
    assert.equal((await json("/v1/dead-letters/replay", text)).status, 415);
    assert.deepEqual(factory.calls, []);
  });
});

describe("DELETE /v1/dead-letters", () => {
  it("forgets those with the ids, or all", async () => {
    const { factory, json } = openWithLetters();
    const one = { method: "DELETE" };
    assert.deepEqual((await json("/v1/dead-letters?ids=1,5", one)).body, { purged: 2 });
    assert.deepEqual((await json("/v1/dead-letters", one)).body, { purged: 3 });
    assert.deepEqual(factory.calls, ["purge 1,5", "purge all"]);
  });

  it("forgets nothing when the ids are none", async () => {
    const { factory, json } = openWithLetters();
    for (const ids of ["", "all", "1,", ",1", "1;2", "-1", "1.5", "1%202"]) {
      const { status } = await json(`/v1/dead-letters?ids=${ids}`, { method: "DELETE" });
      assert.equal(status, 400, ids);
    }
    assert.deepEqual(factory.calls, []);
  });
});
