import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import {
  CLIENT_SCRIPT,
  DOCUMENT,
  FORMAT_SCRIPT,
  MAIN_SCRIPT,
  STREAM_SCRIPT,
  VIEW_SCRIPT,
} from "../../src/control/page/mod.ts";
import { type Json, openDesk } from "./client.ts";

/** Imports a script. Through a file: Bun can't import from a data URL. */
async function load(script: string): Promise<Json> {
  const folder = mkdtempSync(join(tmpdir(), "shopfloor-page-"));
  const file = join(folder, "script.mjs");
  try {
    writeFileSync(file, script);
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the page", () => {
  it("is served with everything it names, and nothing is inline", async () => {
    const { ask } = openDesk();
    const response = await ask("/");
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    const html = await response.text();
    const scripts = [CLIENT_SCRIPT, MAIN_SCRIPT, VIEW_SCRIPT].join("\n");
    const named = [
      ...Array.from(html.matchAll(/(?:src|href)="(\/[^"]+)"/g), ([, path]) => path),
      ...Array.from(scripts.matchAll(/from "\.(\/[^"]+)"/g), ([, name]) => `/page${name}`),
    ];
    assert.ok(named.length >= 6);
    for (const path of named) {
      const asset = await ask(path);
      assert.equal(asset.status, 200, path);
      const type = path.endsWith(".js") ? "text/javascript" : "text/css";
      assert.equal(asset.headers.get("content-type"), `${type}; charset=utf-8`, path);
    }
    assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/);
    assert.doesNotMatch(html + scripts, /https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  });

  it("has every element that its scripts look for", () => {
    const scripts = [CLIENT_SCRIPT, MAIN_SCRIPT, VIEW_SCRIPT].join("\n");
    const wanted = Array.from(scripts.matchAll(/(?:\$|getElementById)\("([\w-]+)"\)/g), ([, id]) => id);
    assert.ok(wanted.length > 15);
    for (const id of wanted) assert.ok(DOCUMENT.includes(`id="${id}"`), id);
  });

  it("puts what comes from outside in as text", () => {
    for (const script of [CLIENT_SCRIPT, MAIN_SCRIPT, VIEW_SCRIPT]) {
      assert.doesNotMatch(script, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
      assert.doesNotMatch(script, /localStorage|sessionStorage|document\.cookie/);
    }
  });
});

describe("the page's numbers", () => {
  it("are for people", async () => {
    const { bytes, count, duration, percent } = await load(FORMAT_SCRIPT);
    assert.deepEqual([0, 999, 1_234, 99_999, 123_400, 5e6].map(count), [
      "0",
      "999",
      "1,234",
      "99,999",
      "123.4K",
      "5M",
    ]);
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
  });
});

describe("the page's reader of events", () => {
  it("finds events wherever reads end, and throws what the server says", async () => {
    const { events } = await load(STREAM_SCRIPT);
    const text = ': open\n\ndata: {"a":"é"}\n\n: still here\n\ndata: [1,\ndata: 2]\n\n' +
      'event: error\ndata: {"detail":"gone"}\n\n';
    const bytes = new TextEncoder().encode(text);
    for (const size of [1, 3, 1_000]) {
      const body = new ReadableStream({
        start(controller) {
          for (let i = 0; i < bytes.length; i += size) controller.enqueue(bytes.slice(i, i + size));
          controller.close();
        },
      });
      const seen: unknown[] = [];
      await assert.rejects(async () => {
        for await (const event of events(body)) seen.push(event);
      }, /^Error: gone$/);
      assert.deepEqual(seen, [{ a: "é" }, [1, 2]]);
    }
  });
});
