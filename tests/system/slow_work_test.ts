import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openFactory } from "../../mod.ts";
import { BATCH_ROWS, BELT_ITEMS } from "../../src/core/limits.ts";

const LINE_BATCHES = 8;

describe("a factory whose work is far slower than its source", () => {
  it("commits on time what is done, and holds a bounded number of items", async () => {
    const data = mkdtempSync(join(tmpdir(), "shopfloor-slow-"));
    try {
      await using factory = await openFactory(new URL("./blueprints/slow_service.ts", import.meta.url), {
        workshops: 1,
        lineBatches: LINE_BATCHES,
        epochMs: 100,
        data,
      });
      let most = 0;
      // The belts are full first; each of the commits that follow would have to wait for thousands of turns.
      const committed = async () => {
        const [{ epoch }, [workshop]] = [await factory.status(), factory.latestInspection()?.workshops ?? []];
        most = Math.max(most, workshop?.belted ?? 0);
        return most < BELT_ITEMS ? -1 : epoch.committed;
      };
      const filled = await until(async () => await committed() >= 0 && await committed());
      await until(async () => await committed() >= filled + 10);
      const atMost = BELT_ITEMS + (LINE_BATCHES + 1) * BATCH_ROWS; // a line holds one batch in advance
      assert.ok(most <= atMost, `${most} items waited`);
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});

/** What `look` finds, as soon as that is something. */
async function until<T>(look: () => Promise<T | false>): Promise<T> {
  for (const end = Date.now() + 20_000;;) {
    const found = await look();
    if (found !== false) return found;
    assert.ok(Date.now() < end, "not in time");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
