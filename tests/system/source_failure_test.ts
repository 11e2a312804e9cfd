import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { openFactory } from "../../mod.ts";

describe("a factory whose source fails midway", () => {
  it("commits what the source gave before, then fails with the source's error", async () => {
    const data = mkdtempSync(join(tmpdir(), "shopfloor-"));
    try {
      const blueprint = new URL("./blueprints/failing_source.ts", import.meta.url);
      const factory = await openFactory(blueprint, { workshops: 2, data });
      await assert.rejects(factory.finished, (error: Error) => {
        assert.match(error.message, /sensor lost/);
        assert.match(error.message, /4,?000 items/);
        assert.equal((error.cause as { code?: string }).code, "SOURCE_FAILED");
        return true;
      });
      await factory.close();
      assert.equal((await factory.status()).state, "failed");
      const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
      const row = database.prepare(
        "SELECT count(*) AS rows, count(DISTINCT number) AS numbers FROM product_echo",
      ).get();
      database.close();
      assert.deepEqual({ ...row }, { rows: 4_000, numbers: 4_000 });
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});
