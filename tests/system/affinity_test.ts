import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { type Factory, openFactory } from "../../mod.ts";
import { KINDS, reading } from "./blueprints/classes.ts";

const BLUEPRINT = new URL("./blueprints/classes.ts", import.meta.url);

function withData<T>(work: (data: string) => Promise<T>): Promise<T> {
  const data = mkdtempSync(join(tmpdir(), "shopfloor-affinity-"));
  return work(data).finally(() => rmSync(data, { recursive: true, force: true }));
}

async function deliveredBy(factory: Factory): Promise<Record<string, number>> {
  const products = await factory.warehouse();
  return Object.fromEntries(products.map(({ type, delivered }) => [type, delivered]));
}

describe("a blueprint with an affinity, on Web Workers", () => {
  it("processes and delivers the other classes while one hangs, and that one later", () =>
    withData(async (data) => {
      const gate = join(data, "gate");
      const each = 20_000;
      await using factory = await openFactory(BLUEPRINT, {
        workshops: 3,
        data,
        durability: "none",
        epochMs: 50,
        settings: { items: 3 * each, gate },
      });
      let delivered: Record<string, number>;
      do {
        await new Promise((resolve) => setTimeout(resolve, 50));
        delivered = await deliveredBy(factory);
      } while (delivered.quick < each || delivered.third < each);
      assert.deepEqual(delivered, { hung: 0, quick: each, third: each });
      for await (const { classes } of factory.inspections()) {
        const [hung] = classes!;
        if (hung.materials < each) continue; // it was made before all was bought
        assert.deepEqual(classes!.map(({ name, workshops, shared }) => ({ name, workshops, shared })), [
          { name: "hung", workshops: [0], shared: false },
          { name: "quick", workshops: [1], shared: false },
          { name: "third", workshops: [2], shared: false },
        ]);
        assert.ok(hung.waiting > 0 && hung.backlogBytes > 0);
        break;
      }
      writeFileSync(gate, "");
      const summary = await factory.drain();
      assert.deepEqual(summary.products, { hung: each, quick: each, third: each });
      assert.equal(summary.deadLettered, 0, "in order");
    }));

  it("counts every reading once, over scaling and a restart with more workshops", () =>
    withData(async (data) => {
      let at = 0;
      const batch = () => Array.from({ length: 3_000 }, () => reading(at++));
      for (const workshops of [2, 4]) {
        await using factory = await openFactory(BLUEPRINT, { workshops, data, epochMs: 50 });
        await factory.push(batch());
        await factory.scale(5);
        await factory.push(batch(), { committed: true });
        await factory.scale(3);
        const { workers } = await factory.workers({ limit: 1_000 });
        const places = new Map(workers.map(({ key, workshop }) => [key, workshop]));
        assert.equal(places.size, workers.length, "nobody is in two places");
        for (const kind of KINDS) {
          const own = new Set(
            workers.filter(({ key }) => key.startsWith(kind)).map(({ workshop }) => workshop),
          );
          assert.equal(own.size, 1, `${kind} has a workshop`);
        }
        assert.equal((await factory.worker("quick-7"))!.key, "quick-7");
      } // closed without a drain
      check(data, at);
    }));
});

/** Whether each device's readings were counted in their order, once each. */
function check(data: string, items: number): void {
  const database = new DatabaseSync(join(data, "shopfloor.db"), { readOnly: true });
  const counts = new Map<string, number>();
  const expected = Array.from({ length: items }, (_, at) => reading(at));
  const rows = KINDS.flatMap((kind) =>
    database.prepare(`SELECT device, at, count FROM product_${kind} ORDER BY at`).all()
  );
  database.close();
  assert.equal(rows.length, items);
  for (const { device, count } of rows as { device: string; count: number }[]) {
    assert.equal(count, (counts.get(device) ?? 0) + 1);
    counts.set(device, count);
  }
  assert.equal(counts.size, new Set(expected.map(({ device }) => device)).size);
}
