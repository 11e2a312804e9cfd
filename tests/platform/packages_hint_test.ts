import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { packagesHint } from "../../src/platform/mod.ts";

const FILE = "src/platform/packages_hint.ts";

describe("packagesHint()", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "shopfloor hint "));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const hint = (root: string, runtime: string = "bun") =>
    packagesHint({ module: pathToFileURL(join(root, FILE)).href, runtime });

  it("tells a Bun user whose checkout has no packages to install them", () => {
    assert.match(hint(folder) ?? "", /^packages are missing: run `bun install` first \(.+\)$/);
  });

  it("has nothing to say when the packages are there", () => {
    mkdirSync(join(folder, "node_modules", "comlink"), { recursive: true });
    assert.equal(hint(folder), undefined);
  });

  it("finds packages beside a folder above", () => {
    mkdirSync(join(folder, "node_modules", "comlink"), { recursive: true });
    assert.equal(hint(join(folder, "packages", "shopfloor")), undefined);
  });

  it("isn't content with a node_modules that lacks them", () => {
    mkdirSync(join(folder, "node_modules"));
    assert.notEqual(hint(folder), undefined);
  });

  it("has nothing to say on Deno", () => {
    assert.equal(hint(folder, "deno"), undefined);
  });

  it("has nothing to say when it is itself an installed package", () => {
    assert.equal(hint(join(folder, "node_modules", "@shopfloor", "shopfloor")), undefined);
  });

  it("has nothing to say inside a bundle or a compiled program", () => {
    assert.equal(packagesHint({ module: "file:///$bunfs/root/shopfloor", runtime: "bun" }), undefined);
    const bundle = pathToFileURL(join(folder, "dist", "mod.js")).href;
    assert.equal(packagesHint({ module: bundle, runtime: "bun" }), undefined);
  });
});
