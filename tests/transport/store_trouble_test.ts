import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it, type TestContext } from "node:test";
import { callback, sqlite } from "../../src/sinks/mod.ts";
import { inDirectory, rows } from "./data_directory.ts";
import { numbered, Yard } from "./yard.ts";

/** Runs a test on a disk of 24 MB. */
async function onSmallDisk(test: TestContext, run: (directory: string) => Promise<void>): Promise<void> {
  await inDirectory(async (directory) => {
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", directory], { stdio: "pipe" });
    } catch {
      return test.skip("only root can have a small disk");
    }
    try {
      await run(directory);
    } finally {
      execFileSync("umount", [directory]);
    }
  });
}

/** Leaves so many bytes free. */
function fill(directory: string, freeBytes: number): () => void {
  const { bavail, bsize } = statfsSync(directory);
  const ballast = join(directory, "ballast");
  writeFileSync(ballast, new Uint8Array(bavail * bsize - freeBytes));
  return () => rmSync(ballast);
}

describe("a disk that is full", () => {
  for (const [name, sinks] of Object.entries({ sqlite: sqlite(), callback: callback(() => {}) })) {
    it(`lets ${name} and the commit wait, loses nothing, and is seen`, (test) =>
      onSmallDisk(test as TestContext, async (disk) => {
        const data = join(disk, "data");
        const yard = await new Yard({ sinks, data, workshops: 1, lineBatches: 100 }).open();
        const states = (epoch: number) => [{ key: `key-${epoch}`, state: `${epoch}` }];
        const run = async (epoch: number) => {
          yard.ship(0, "a", epoch, numbered(1_000, { from: epoch * 1_000 }));
          yard.remember(0, epoch, states(epoch));
          yard.barrier(0, epoch, { numbers: epoch });
          await yard.clock.advance(1_000);
        };
        await run(1);
        assert.deepEqual(yard.commits, [1]);
        yard.ship(0, "a", 2, numbered(1_000, { from: 2_000 }));
        await yard.clock.advance(1_000); // part of the epoch is in the transaction
        const makeRoom = fill(disk, 512 * 1024);
        yard.ship(0, "a", 2, numbered(1_000, { from: 4_000 }));
        yard.remember(0, 2, states(2));
        yard.barrier(0, 2, { numbers: 2 });
        await yard.clock.advance(60_000);
        const [{ sinkState, sinkError, sinkTrouble }] = yard.department.figures().products;
        assert.equal(sinkState, "retrying");
        assert.match(sinkError!, /the disk is full: \d+ bytes are free, \d+ may be needed/);
        assert.ok(sinkTrouble!.attempts > 5);
        assert.deepEqual([yard.commits, yard.events.length], [[1], 1]);
        makeRoom();
        await yard.clock.advance(10_000);
        await run(3);
        assert.deepEqual(yard.commits, [1, 2, 3]);
        assert.equal(yard.department.figures().products[0].sinkState, "ok");
        await yard.department.close();
        assert.equal(rows(data, "SELECT key FROM worker_state").length, 3);
        if (name === "sqlite") {
          assert.deepEqual(rows(data, "SELECT count(*) AS n, count(DISTINCT value) AS d FROM product_a"), [
            { n: 4_000, d: 4_000 },
          ]);
        }
      }));
  }
});

describe("a database that another program holds", () => {
  it("makes deliveries and commits wait until it lets go", () =>
    inDirectory(async (data) => {
      const yard = await new Yard({ sinks: sqlite(), data, workshops: 1 }).open();
      const other = new DatabaseSync(join(data, "shopfloor.db"));
      other.exec("BEGIN IMMEDIATE");
      yard.ship(0, "a", 1, numbered(3));
      yard.barrier(0, 1);
      await yard.clock.advance(120); // each attempt really waits for SQLite's busy time-out
      const [{ sinkState, sinkError }] = yard.department.figures().products;
      assert.equal(sinkState, "retrying");
      assert.match(sinkError!, /database is locked/);
      assert.deepEqual(yard.events, []);
      other.exec("COMMIT");
      other.close();
      await yard.clock.advance(10_000);
      assert.deepEqual(yard.commits, [1]);
      assert.equal(rows(data, "SELECT * FROM product_a").length, 3);
      await yard.department.close();
    }));
});
