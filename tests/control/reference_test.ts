import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pageMarkup } from "../../src/control/reference/markup.ts";
import { openDesk } from "./client.ts";
import { Described } from "./described.ts";
import { HOSTILE } from "./hostile.ts";

describe("the reference at /docs", () => {
  it("lists every operation and every schema, and each link in it leads somewhere", async () => {
    const desk = openDesk();
    const { document } = await Described.of(desk);
    const response = await desk.ask("/docs");
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    const page = await response.text();
    for (const methods of Object.values(document.paths)) {
      for (const { operationId } of Object.values(methods)) {
        assert.ok(page.includes(`<article id="${operationId}"`));
      }
    }
    for (const name of Object.keys(document.components.schemas)) {
      assert.ok(page.includes(`id="schema-${name}"`), name);
    }
    const ids = Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const [, target] of page.matchAll(/ href="#([^"]+)"/g)) assert.ok(ids.includes(target), target);
    for (const [, targets] of page.matchAll(/ aria-labelledby="([^"]+)"/g)) {
      assert.ok(ids.includes(targets), targets);
    }
  });

  it("takes nothing from outside, and has nothing inline", async () => {
    const { ask } = openDesk({ token: "all" });
    const headers = { authorization: "Bearer all", accept: "text/html" };
    for (const init of [{ headers }, { headers: { accept: "text/html" } }]) {
      const page = await (await ask("/docs", init)).text();
      assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|https?:\/\//);
      for (const [, path] of page.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)) {
        const asset = await ask(path);
        assert.equal(asset.status, 200, path);
        assert.doesNotMatch(await asset.text(), /https?:|innerHTML|localStorage|sessionStorage|cookie/);
      }
    }
  });

  it("shows texts as texts, whatever they are", async () => {
    const { document } = await Described.of(openDesk());
    for (const text of HOSTILE) {
      const operation = { operationId: "x", summary: text, description: text, tags: [text], responses: {} };
      const schema = { description: text, properties: { [text]: { enum: [text], description: text } } };
      const page = pageMarkup({
        ...document,
        paths: { [text]: { get: operation } },
        components: { schemas: { a: schema } },
      });
      assert.doesNotMatch(page, /<script>|<img/);
    }
  });
});
