import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { INGESTION_ITEMS } from "../../src/core/limits.ts";
import { lines, openDesk, sending } from "./client.ts";

const good = (device: string) => ({ device, celsius: 20 });
const numbered = (count: number) => Array.from({ length: count }, (_, i) => good(`d${i}`));

describe("POST /v1/materials with an Idempotency-Key", () => {
  const named = (init: RequestInit, key: string): RequestInit => ({
    ...init,
    headers: { ...init.headers as Record<string, string>, "idempotency-key": key },
  });
  const ndjson = (items: readonly unknown[]) => lines(...items.map((item) => JSON.stringify(item)));

  it("takes the same body once, however it is cut on its way", async () => {
    const desk = openDesk();
    const items = [...numbered(2 * INGESTION_ITEMS + 5), { celsius: 1 }];
    const first = await desk.json("/v1/materials", named(ndjson(items), "k"));
    assert.deepEqual([first.status, first.body.accepted, first.body.rejectedTotal], [
      202,
      items.length - 1,
      1,
    ]);
    const bytes = new TextEncoder().encode(items.map((item) => JSON.stringify(item)).join("\n"));
    let at = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (at >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(at, at += 1_777));
      },
    });
    const again = await desk.json(
      "/v1/materials",
      named({ ...lines(), body, duplex: "half" } as RequestInit, "k"),
    );
    assert.deepEqual(again, first);
    assert.equal(desk.factory.admitted.length, items.length - 1);
    const json = await desk.json("/v1/materials?wait=commit", named(sending("POST", items), "k"));
    assert.deepEqual([json.status, json.body], [200, first.body]);
    assert.equal(desk.factory.admitted.length, items.length - 1);
  });

  it("goes on where a repeated request broke off", async () => {
    const desk = openDesk();
    const items = numbered(INGESTION_ITEMS + 10);
    desk.factory.room = INGESTION_ITEMS + 4;
    const broken = await desk.json("/v1/materials", named(ndjson(items), "k"));
    assert.deepEqual([broken.status, broken.body.next], [429, INGESTION_ITEMS + 4]);
    desk.factory.room = Infinity;
    const whole = await desk.json("/v1/materials", named(ndjson(items), "k"));
    assert.deepEqual([whole.status, whole.body.accepted], [202, items.length]);
    assert.deepEqual(desk.factory.admitted, items);
  });

  it("is 422 with another body: other items, fewer, or more", async () => {
    for (const count of [3, INGESTION_ITEMS, 2 * INGESTION_ITEMS, INGESTION_ITEMS + 3]) {
      const items = numbered(count);
      const desk = openDesk();
      await desk.json("/v1/materials", named(ndjson(items), "k"));
      const others = [
        [...items.slice(0, -1), good("other")],
        items.slice(0, -1),
        [...items, good("other")],
        [...items, ...numbered(INGESTION_ITEMS)],
      ];
      for (const other of others) {
        const { status, body } = await desk.json("/v1/materials", named(ndjson(other), "k"));
        assert.deepEqual([status, body.code], [422, "IDEMPOTENCY_CONFLICT"], `${count} and ${other.length}`);
      }
      assert.equal(desk.factory.admitted.length, count);
      assert.equal((await desk.json("/v1/materials", named(ndjson(items), "another"))).status, 202);
      assert.equal(desk.factory.admitted.length, 2 * count);
    }
  });

  it("names no push where the client names no request", async () => {
    const desk = openDesk();
    await desk.json("/v1/materials", sending("POST", good("a")));
    assert.equal(desk.factory.pushes.length, 1);
    assert.equal(desk.factory.pushes[0].options.idempotencyKey, undefined);
  });

  it("refuses a key that can be none", async () => {
    const desk = openDesk();
    for (const key of ["", "a b", "x".repeat(201), "é"]) {
      const { status, body } = await desk.json("/v1/materials", named(sending("POST", good("a")), key));
      assert.deepEqual(
        [status, body.code, body.errors[0].field],
        [400, "HEADER_INVALID", "idempotency-key"],
        key,
      );
    }
    assert.equal(desk.factory.pushes.length, 0);
  });
});
