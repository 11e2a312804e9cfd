import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { columnsOf } from "../../src/control/dashboard/client/columns.js";
import { events } from "../../src/control/dashboard/client/events.js";
import {
  bytes,
  compact,
  count,
  dateAndTime,
  duration,
  json,
  percent,
} from "../../src/control/dashboard/client/format.js";
import { layOut } from "../../src/control/dashboard/client/layout.js";
import { FILES } from "../../src/control/dashboard/mod.ts";
import { openDesk } from "./client.ts";
import { dashboardFiles, EMBEDDED, embeddedModule } from "./embed_dashboard.ts";
import { momentsOf } from "./figures.ts";

/** The page's own scripts; the chart library is somebody else's. */
const SCRIPTS = Object.entries(FILES).filter(([name]) => name.endsWith(".js") && name !== "uplot.js");

describe("the page", () => {
  it("is embedded as its files and uPlot's package have it (else: deno run -A tests/control/embed_dashboard.ts)", () => {
    assert.deepEqual(FILES, dashboardFiles());
    assert.ok(readFileSync(EMBEDDED, "utf8") === embeddedModule());
  });

  it("is served with everything it names, and nothing is inline or from elsewhere", async () => {
    const { ask } = openDesk();
    const response = await ask("/");
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    const html = await response.text();
    const named = [
      ...Array.from(html.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g), ([, path]) => path),
      ...SCRIPTS.flatMap(([, text]) =>
        Array.from(text.matchAll(/from "\.(\/[^"]+)"/g), ([, name]) => `/page${name}`)
      ),
    ];
    assert.ok(named.length >= 20);
    for (const path of new Set(named)) {
      const asset = await ask(path);
      assert.equal(asset.status, 200, path);
      const type = path.endsWith(".js") ? "text/javascript" : "text/css";
      assert.equal(asset.headers.get("content-type"), `${type}; charset=utf-8`, path);
    }
    assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/);
    const own = Object.entries(FILES).filter(([name]) => name !== "uplot.js").map(([, text]) => text).join(
      "\n",
    );
    assert.doesNotMatch(own, /https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    assert.match(response.headers.get("content-security-policy")!, /default-src 'none'/);
    assert.doesNotMatch(response.headers.get("content-security-policy")!, /unsafe/);
  });

  it("sends a file again only if it has changed", async () => {
    const { ask } = openDesk();
    const etag = (await ask("/page/main.js")).headers.get("etag")!;
    const again = await ask("/page/main.js", { headers: { "if-none-match": etag } });
    assert.deepEqual([again.status, await again.text()], [304, ""]);
    assert.equal((await ask("/page/main.js", { headers: { "if-none-match": '"old"' } })).status, 200);
  });

  it("has every element that its scripts look for, once", () => {
    const wanted = SCRIPTS.flatMap(([, text]) =>
      Array.from(text.matchAll(/byId\("([\w-]+)"\)/g), ([, id]) => id)
    );
    assert.ok(new Set(wanted).size > 40);
    for (const id of wanted) assert.equal(FILES["index.html"].split(`id="${id}"`).length, 2, id);
  });

  it("puts what comes from outside in as text, and keeps nothing", () => {
    for (const [name, script] of SCRIPTS) {
      assert.doesNotMatch(
        script,
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(/,
        name,
      );
      assert.doesNotMatch(script, /localStorage|sessionStorage|document\.cookie|indexedDB/, name);
    }
  });
});

describe("the page's numbers", () => {
  it("are for people", () => {
    assert.deepEqual([0, 999, 1_234, 99_999, 123_400, 5e6].map(count), [
      "0",
      "999",
      "1,234",
      "99,999",
      "123.4K",
      "5M",
    ]);
    assert.deepEqual([0, 999, 24_130, 1.25e6].map(compact), ["0", "999", "24.1K", "1.3M"]);
    assert.deepEqual([0, 512, 1_536, 65_536 * 5, 412e6].map(bytes), [
      "0 B",
      "512 B",
      "1.5 KB",
      "320 KB",
      "393 MB",
    ]);
    assert.deepEqual(
      [0, 0.0001, 0.0081, 0.12, 3.42, 250, 2_500, 19_000, 240_000, 3 * 3_600_000, 3 * 86_400_000].map(
        duration,
      ),
      ["0 ms", "1 µs", "8 µs", "0.12 ms", "3.4 ms", "250 ms", "2.5 s", "19 s", "4 min", "3 h", "3 d"],
    );
    assert.deepEqual([-1, 0, 0.424, 1, 2].map(percent), ["0 %", "0 %", "42 %", "100 %", "100 %"]);
    assert.equal(json({ a: "x".repeat(20) }, { units: 10 }), '{"a":"xxxx… (18 more)');
    const noon = new Date(2024, 1, 29, 12, 5, 9).getTime();
    assert.equal(dateAndTime(noon, noon + 1_000), "12:05:09");
    assert.equal(dateAndTime(noon, noon + 86_400_000), "2024-02-29 12:05:09");
    assert.equal(json(undefined, { units: 10 }), "null");
  });
});

describe("the page's reader of events", () => {
  const text = ': open\n\ndata: {"a":"é"}\n\n: still here\n\ndata: [1,\ndata: 2]\n\ndata: 3\n\n' +
    'event: error\ndata: {"detail":"gone"}\n\n';
  const bytesOf = new TextEncoder().encode(text);
  const bodyOf = (size: number) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (let i = 0; i < bytesOf.length; i += size) controller.enqueue(bytesOf.slice(i, i + size));
        controller.close();
      },
    });
  const readAll = async (body: ReadableStream<Uint8Array>, options?: { most: number }) => {
    const seen: unknown[] = [];
    await assert.rejects(async () => {
      for await (const data of events(body, options)) seen.push(...data);
    }, /^Error: gone$/);
    return seen;
  };

  it("finds events wherever reads end, and throws what the server says", async () => {
    for (const size of [1, 3, 1_000]) assert.deepEqual(await readAll(bodyOf(size)), [{ a: "é" }, [1, 2], 3]);
  });

  it("keeps the latest of a read that brings more than wanted", async () => {
    assert.deepEqual(await readAll(bodyOf(1_000), { most: 2 }), [3]); // and the error
  });
});

describe("the page's charts", () => {
  const spec = { series: [{ pick: ({ workers }: { workers: number }) => workers }] };

  it("take moments as columns", () => {
    const [times, workers] = columnsOf(momentsOf(3), spec);
    assert.deepEqual(times, [1, 2, 3].map((tick) => 1_700_000_000 + tick));
    assert.deepEqual(workers, [5_000, 5_000, 5_000]);
    assert.deepEqual(columnsOf([], spec), [[], []]);
  });

  it("have a hole where the factory was away", () => {
    const moments = momentsOf(20);
    const [times, workers] = columnsOf([...moments.slice(0, 5), ...moments.slice(12)], spec);
    assert.equal(times.length, 14);
    assert.deepEqual(workers.map((value) => value === null).indexOf(true), 5);
  });
});

describe("the page's floor", () => {
  it("has room for everything at any width, and nothing stands on anything else", () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 280, max: 2_000 }),
          workshops: fc.integer({ min: 0, max: 64 }),
          products: fc.integer({ min: 0, max: 12 }),
        }),
        ({ width, workshops, products }) => {
          const layout = layOut(width, { workshops, products });
          const boxes = [layout.procurement, ...layout.tracks, ...layout.workshops, layout.warehouse];
          for (const { x, y, width: w, height } of [...boxes, ...layout.shelves, ...layout.sinks]) {
            assert.ok(x >= 0 && y >= 0 && w > 30 && x + w <= width && y + height <= layout.height);
          }
          boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => assert.ok(!overlap(a, b))));
          assert.equal(layout.feeds.length + layout.conveyors.length, workshops * 2);
          assert.ok(layout.sinks.length === products && layout.deliveries.length === products);
        },
      ),
    );
  });
});

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
