import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ClosedError } from "../../src/core/mod.ts";
import { INGESTION_ITEMS, INGESTIONS, REJECTIONS_ANSWERED } from "../../src/core/limits.ts";
import { type Desk, lines, openDesk, sending } from "./client.ts";

const good = (device: string) => ({ device, celsius: 20 });
const devices = ({ factory }: Desk) => factory.admitted.map((item) => (item as { device: string }).device);
const numbered = (count: number) => Array.from({ length: count }, (_, i) => good(`d${i}`));

describe("POST /v1/materials", () => {
  it("takes one item", async () => {
    const desk = openDesk();
    const { status, body } = await desk.json("/v1/materials", sending("POST", good("a")));
    assert.deepEqual([status, body], [202, { accepted: 1, rejected: [], rejectedTotal: 0 }]);
    assert.deepEqual(desk.factory.admitted, [good("a")]);
  });

  it("takes an array, rejecting by index what doesn't fit", async () => {
    const desk = openDesk();
    const { status, body } = await desk.json(
      "/v1/materials",
      sending("POST", [good("a"), { celsius: 1 }, good("b")]),
    );
    assert.equal(status, 202);
    assert.deepEqual(body, {
      accepted: 2,
      rejected: [{ index: 1, errors: ["device: expected a string"] }],
      rejectedTotal: 1,
    });
    assert.deepEqual(devices(desk), ["a", "b"]);
  });

  it("takes lines, rejecting by index what is no JSON or doesn't fit, and goes on", async () => {
    const desk = openDesk();
    const text = [good("a"), "nonsense", good("b"), { celsius: 1 }, good("c")]
      .map((item) => typeof item === "string" ? item : JSON.stringify(item));
    const { status, body } = await desk.json("/v1/materials", lines(...text, ""));
    assert.equal(status, 202);
    assert.equal(body.accepted, 3);
    const rejected: { index: number; errors: string[] }[] = body.rejected;
    assert.deepEqual(rejected.map(({ index }) => index).sort(), [1, 3]);
    assert.match(rejected.find(({ index }) => index === 1)!.errors[0], /^not JSON: /);
    assert.deepEqual(devices(desk), ["a", "b", "c"]);
  });

  it("knows the names of its media types, with parameters", async () => {
    const desk = openDesk();
    for (const type of ["application/json; charset=utf-8", "Application/JSON"]) {
      const { status } = await desk.json("/v1/materials", {
        ...sending("POST", good("a")),
        headers: { "content-type": type },
      });
      assert.equal(status, 202, type);
    }
    for (const type of ["application/x-ndjson;charset=utf-8", "application/ndjson", "application/jsonl"]) {
      const { status } = await desk.json("/v1/materials", {
        ...lines("{}"),
        headers: { "content-type": type },
      });
      assert.equal(status, 202, type);
    }
  });

  it("refuses other media types, and compressed bodies", async () => {
    const desk = openDesk();
    const refused: Record<string, string>[] = [
      {},
      { "content-type": "text/plain" },
      { "content-type": "application/x-www-form-urlencoded" },
      { "content-type": "application/json", "content-encoding": "gzip" },
      { "content-type": "constructor" },
    ];
    for (const headers of refused) {
      const { status, body } = await desk.json("/v1/materials", { method: "POST", body: "{}", headers });
      assert.deepEqual([status, body.code], [415, "MEDIA_TYPE_UNSUPPORTED"], JSON.stringify(headers));
    }
    assert.equal(desk.factory.pushes.length, 0);
  });

  it("refuses a document that is no JSON", async () => {
    const desk = openDesk();
    for (const text of ["", "{", "[1,", "nonsense", "\xff"]) {
      const body = text === "\xff" ? Uint8Array.of(0xff) : text;
      const init = { method: "POST", body, headers: { "content-type": "application/json" } };
      const answer = await desk.json("/v1/materials", init);
      assert.deepEqual([answer.status, answer.body.code], [400, "BODY_INVALID"], text);
    }
  });

  it("refuses a document that is too large, said or not", async () => {
    const desk = openDesk({ bodyBytes: 100 });
    const large = sending("POST", good("x".repeat(100)));
    const said = { ...large, headers: { ...large.headers, "content-length": "129" } };
    for (const init of [large, said]) {
      const { status, body } = await desk.json("/v1/materials", init);
      assert.deepEqual([status, body.code, body.limitBytes], [413, "BODY_TOO_LARGE", 100]);
    }
    assert.equal((await desk.json("/v1/procurement", { ...large, method: "PATCH" })).status, 413);
    assert.equal((await desk.json("/v1/materials", sending("POST", good("x")))).status, 202);
  });

  it("refuses a line that is too large, saying how far it came", async () => {
    const desk = openDesk({ bodyBytes: 60 });
    const short = JSON.stringify(good("a"));
    const long = JSON.stringify(good("x".repeat(60)));
    const many = Array.from({ length: INGESTION_ITEMS }, () => short);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        const text = sent++ === 0 ? many.join("\n") + "\n" : `${short}\n${long}\n`;
        controller.enqueue(new TextEncoder().encode(text));
        if (sent === 2) controller.close();
      },
    });
    const init = { ...lines(), body, duplex: "half" } as RequestInit;
    const answer = await desk.json("/v1/materials", init);
    assert.equal(answer.status, 413);
    assert.deepEqual([answer.body.accepted, answer.body.next], [INGESTION_ITEMS, INGESTION_ITEMS]);
    assert.equal(desk.factory.admitted.length, INGESTION_ITEMS);
  });

  it("takes a stream of any length, portion by portion", async () => {
    const desk = openDesk({ bodyBytes: 1_000 });
    const items = numbered(10 * INGESTION_ITEMS + 5);
    const { status, body } = await desk.json(
      "/v1/materials",
      lines(...items.map((item) => JSON.stringify(item))),
    );
    assert.deepEqual([status, body.accepted], [202, items.length]);
    assert.deepEqual(desk.factory.admitted, items);
    assert.ok(desk.factory.pushes.every((push) => push.items <= INGESTION_ITEMS));
  });

  it("reads no further while the lines are full", async () => {
    const desk = openDesk();
    const admitted = Promise.withResolvers<void>();
    desk.factory.onPush = () => admitted.promise;
    const portion = new TextEncoder().encode(`${JSON.stringify(good("a"))}\n`.repeat(INGESTION_ITEMS));
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (++sent <= 50) controller.enqueue(portion);
        else controller.close();
      },
    });
    const answer = desk.json("/v1/materials", { ...lines(), body, duplex: "half" } as RequestInit);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(sent < 10, `${sent} portions were read`);
    admitted.resolve();
    assert.equal((await answer).body.accepted, 50 * INGESTION_ITEMS);
  });

  it("makes small portions of large items", async () => {
    const desk = openDesk();
    const large = JSON.stringify(good("x".repeat(300_000)));
    await desk.json("/v1/materials", lines(...Array.from({ length: 20 }, () => large)));
    assert.equal(desk.factory.admitted.length, 20);
    assert.ok(desk.factory.pushes.every(({ items }) => items <= 4));
  });

  it("describes only so many rejections, and counts all", async () => {
    const desk = openDesk();
    const bad = Array.from({ length: REJECTIONS_ANSWERED + 10 }, () => "?");
    const { body } = await desk.json("/v1/materials", lines(...bad));
    assert.equal(body.rejected.length, REJECTIONS_ANSWERED);
    assert.equal(body.rejectedTotal, bad.length);
  });

  it("takes nothing from an empty body", async () => {
    const desk = openDesk();
    assert.deepEqual((await desk.json("/v1/materials", lines(""))).body.accepted, 0);
    assert.deepEqual((await desk.json("/v1/materials", sending("POST", []))).body.accepted, 0);
    const none = { method: "POST", headers: { "content-type": "application/x-ndjson" } };
    assert.deepEqual((await desk.json("/v1/materials", none)).body.accepted, 0);
  });
});

describe("POST /v1/materials while the lines are full", () => {
  it("is 429 with Retry-After, and says where to go on", async () => {
    const desk = openDesk();
    desk.factory.room = 2;
    const items = [good("a"), { celsius: 1 }, good("b"), good("c")];
    const response = await desk.ask("/v1/materials", sending("POST", items));
    assert.equal(response.status, 429);
    assert.equal(response.headers.get("retry-after"), "2");
    const body = await response.json();
    assert.deepEqual(
      [body.code, body.accepted, body.rejected, body.next],
      ["BUSY", 1, [{ index: 1, errors: ["device: expected a string"] }], 2],
    );
    desk.factory.room = Infinity;
    await desk.json("/v1/materials", sending("POST", items.slice(body.next)));
    assert.deepEqual(devices(desk), ["a", "b", "c"]);
  });

  it("lists no rejection behind the place to go on from, for it will come again", async () => {
    const desk = openDesk();
    desk.factory.room = 0;
    const { status, body } = await desk.json("/v1/materials", lines(JSON.stringify(good("a")), "nonsense"));
    assert.deepEqual([status, body.next, body.accepted, body.rejected], [429, 0, 0, []]);
  });

  it("goes on as long as the lines take something", async () => {
    const desk = openDesk();
    desk.factory.room = 1;
    desk.factory.trickle = 3;
    const { status, body } = await desk.json("/v1/materials", sending("POST", numbered(20)));
    assert.deepEqual([status, body.accepted], [202, 20]);
    assert.deepEqual(desk.factory.admitted, numbered(20));
  });

  it("waits only so long for the first item to be taken", async () => {
    const desk = openDesk();
    await desk.json("/v1/materials", sending("POST", good("a")));
    assert.equal(typeof desk.factory.pushes[0].options.waitMs, "number");
  });

  it("lets only so many bodies be read at once", async () => {
    const desk = openDesk();
    const gate = Promise.withResolvers<void>();
    desk.factory.onPush = () => gate.promise;
    const waiting = Array.from(
      { length: INGESTIONS },
      () => desk.ask("/v1/materials", sending("POST", good("a"))),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    const refused = await desk.ask("/v1/materials", sending("POST", good("b")));
    assert.equal(refused.status, 503);
    assert.ok(refused.headers.has("retry-after"));
    gate.resolve();
    assert.ok((await Promise.all(waiting)).every(({ status }) => status === 202));
    assert.equal((await desk.ask("/v1/materials", sending("POST", good("c")))).status, 202);
  });

  it("gives up when the control closes", async () => {
    const desk = openDesk();
    desk.factory.onPush = ({ signal }) =>
      new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason)));
    const answer = desk.json("/v1/materials", sending("POST", good("a")));
    await new Promise((resolve) => setTimeout(resolve, 5));
    desk.control.close();
    const { status, body } = await answer;
    assert.deepEqual([status, body.code, body.next], [503, "CLOSED", 0]);
    assert.deepEqual(desk.errors, []);
  });

  it("is 503 when the factory is closed", async () => {
    const desk = openDesk();
    desk.factory.failure = new ClosedError("the factory is draining");
    const { status, body } = await desk.json("/v1/materials", sending("POST", good("a")));
    assert.deepEqual([status, body.code, body.accepted, body.next], [503, "CLOSED", 0, 0]);
  });
});

describe("POST /v1/materials?wait=commit", () => {
  it("answers 200 once everything is committed", async () => {
    const desk = openDesk();
    const { status, body } = await desk.json("/v1/materials?wait=commit", sending("POST", numbered(1_500)));
    assert.deepEqual([status, body.accepted], [200, 1_500]);
    const committed = desk.factory.pushes.map(({ options }) => options.committed);
    assert.deepEqual(committed, [false, true]);
    assert.deepEqual(desk.factory.calls, []);
  });

  it("waits for the earlier portions when the last one has nothing to commit", async () => {
    const desk = openDesk();
    const items = [...numbered(INGESTION_ITEMS), { celsius: 1 }];
    const { status, body } = await desk.json("/v1/materials?wait=commit", sending("POST", items));
    assert.deepEqual([status, body.accepted, body.rejectedTotal], [200, INGESTION_ITEMS, 1]);
    assert.deepEqual(desk.factory.calls, ["checkpoint"]);
  });

  it("waits for nothing when nothing was accepted", async () => {
    const desk = openDesk();
    const { status, body } = await desk.json("/v1/materials?wait=commit", sending("POST", [{ celsius: 1 }]));
    assert.deepEqual([status, body.accepted], [200, 0]);
    assert.deepEqual(desk.factory.calls, []);
  });

  it("knows nothing else to wait for", async () => {
    const desk = openDesk();
    const { status, body } = await desk.json("/v1/materials?wait=long", sending("POST", good("a")));
    assert.deepEqual([status, body.errors], [400, [{ field: "wait", message: 'must be "commit"' }]]);
    assert.equal(desk.factory.pushes.length, 0);
  });
});
