import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { INGESTION_ITEMS } from "../../src/core/limits.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { lines, openDesk } from "./client.ts";

const good = (device: string) => ({ device, celsius: 20 });

describe("a body that comes slowly", () => {
  const slowly = (chunks: readonly string[], { clock, ms }: { clock: VirtualClock; ms: number }) => {
    const rest = [...chunks];
    return new ReadableStream({
      async pull(controller) {
        const chunk = rest.shift();
        if (chunk === undefined) return await new Promise(() => {}); // says nothing more
        controller.enqueue(new TextEncoder().encode(chunk));
        await clock.advance(ms);
      },
    }, { highWaterMark: 0 });
  };

  it("is 408, saying how far it came", async () => {
    const clock = new VirtualClock();
    const desk = openDesk({ clock, bodyMs: 1_000 });
    const line = `${JSON.stringify(good("a"))}\n`;
    const body = slowly([line.repeat(INGESTION_ITEMS), '{"dev', 'ice":', '"b"'], { clock, ms: 400 });
    const { status, body: problem } = await desk.json("/v1/materials", {
      ...lines(),
      body,
      duplex: "half",
    } as RequestInit);
    assert.deepEqual(
      [status, problem.code, problem.accepted, problem.next],
      [408, "BODY_TOO_SLOW", INGESTION_ITEMS, INGESTION_ITEMS],
    );
  });

  it("may take as long as it likes if its lines come in time", async () => {
    const clock = new VirtualClock();
    const desk = openDesk({ clock, bodyMs: 1_000 });
    const line = `${JSON.stringify(good("a"))}\n`;
    const chunks = Array.from({ length: 50 }, () => line);
    let sent = 0;
    const body = new ReadableStream({
      async pull(controller) {
        if (sent === chunks.length) return controller.close();
        controller.enqueue(new TextEncoder().encode(chunks[sent++]));
        await clock.advance(900);
      },
    }, { highWaterMark: 0 });
    const { status, body: report } = await desk.json("/v1/materials", {
      ...lines(),
      body,
      duplex: "half",
    } as RequestInit);
    assert.deepEqual([status, report.accepted], [202, 50]);
  });

  it("is 408 as a document too, though each piece comes in time", async () => {
    const clock = new VirtualClock();
    const desk = openDesk({ clock, bodyMs: 1_000 });
    const body = slowly(["[", "\n", "\n", "\n", "\n", "]"], { clock, ms: 400 });
    const headers = { "content-type": "application/json" };
    for (const [method, path] of [["POST", "/v1/materials"], ["PATCH", "/v1/procurement"]]) {
      const init = {
        method,
        body: method === "POST" ? body : slowly(["{", "\n", "\n", "\n"], { clock, ms: 400 }),
      };
      const answer = await desk.json(path, { ...init, headers, duplex: "half" } as RequestInit);
      assert.deepEqual([answer.status, answer.body.code], [408, "BODY_TOO_SLOW"], path);
    }
  });
});
