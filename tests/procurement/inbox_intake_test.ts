import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { BusyError } from "../../src/core/mod.ts";
import { Checker } from "../../src/procurement/checker.ts";
import { Inbox } from "../../src/procurement/inbox.ts";
import { openInboxFile } from "../../src/procurement/inbox_file.ts";
import { InboxIntake } from "../../src/procurement/inbox_intake.ts";
import type { PushTerms } from "../../src/procurement/push.ts";
import { VirtualClock } from "../../src/testing/virtual_clock.ts";
import { items, type Material, openBuyer } from "./lines.ts";

const root = mkdtempSync(join(tmpdir(), "shopfloor-intake-"));
after(() => rmSync(root, { recursive: true, force: true }));

async function openIntake({ mostBytes, position = 0 }: { mostBytes?: number; position?: number } = {}) {
  const directory = mkdtempSync(join(root, "data-"));
  const clock = new VirtualClock();
  const { buyer, lines } = await openBuyer(clock);
  const database = openInboxFile(directory);
  const inbox = new Inbox({ database, directory, clock, position });
  const { codec } = lines;
  const failures: unknown[] = [];
  const intake = new InboxIntake({
    inbox,
    buyer,
    codec,
    checker: new Checker({ codec, key: (item) => (item as Material).key }, clock),
    clock,
    bookmark: { offset: position, skip: 0 },
    reject: () => {},
    onFailure: (error) => failures.push(error),
    mostBytes,
  });
  intake.open();
  const push = (count: number, from: number, terms: PushTerms = {}) =>
    intake.push({ items: items(count, { from }), terms });
  const commit = async (epoch: number) => {
    await clock.advance(1_000);
    buyer.committed(epoch);
    intake.committed(epoch);
  };
  const close = async () => {
    buyer.close();
    await intake.close();
  };
  return { clock, buyer, lines, inbox, database, intake, failures, push, commit, close };
}

describe("InboxIntake", () => {
  it("has pushes wait, in their order, while what isn't committed fills the inbox", async () => {
    const { clock, lines, inbox, push, commit, close } = await openIntake({ mostBytes: 3_000 });
    const admitted: number[] = [];
    const pushes = [0, 1, 2, 3, 4].map((i) => push(50, 50 * i).then(() => admitted.push(i)));
    await clock.advance(100);
    const before = admitted.length;
    assert.ok(before > 0 && before < 5, `${before} admitted`);
    assert.ok(inbox.bytes <= 3_000);
    await assert.rejects(clock.until(push(1, 999, { waitMs: 10 })), (error: BusyError) => {
      assert.deepEqual(error.fields.admission, { accepted: 0, rejected: [] });
      return error instanceof BusyError;
    });
    await assert.rejects(push(1, 999, { wait: false }), BusyError);
    for (let epoch = 1; epoch <= 5; epoch++) await commit(epoch);
    await clock.until(Promise.all(pushes));
    assert.deepEqual(admitted, [0, 1, 2, 3, 4]);
    await clock.advance(100);
    assert.deepEqual(lines.rows.map(({ item }) => item.value), items(250).map(({ value }) => value));
    await close();
  });

  it("admits one push that is larger than the inbox, when it is alone", async () => {
    const { clock, push, commit, close } = await openIntake({ mostBytes: 100 });
    await clock.until(push(500, 0));
    const next = push(1, 500);
    await commit(1);
    assert.equal((await clock.until(next)).accepted, 1);
    await close();
  });

  it("resolves committed pushes with the commit of their last item, and forgets them then", async () => {
    const { clock, inbox, push, commit, close } = await openIntake();
    let done = false;
    const pushing = push(5_000, 0, { committed: true, idempotencyKey: "a" }).then(() => done = true);
    await clock.advance(900);
    assert.ok(!done && inbox.bytes > 0);
    await commit(1);
    await clock.until(pushing);
    assert.equal(inbox.bytes, 0);
    await clock.until(push(5_000, 0, { committed: true, idempotencyKey: "a" }));
    await close();
  });

  it("is busy while the disk is full, and takes what comes later", async () => {
    const { clock, database, inbox, push, lines, close } = await openIntake();
    await clock.until(push(1, 0));
    database.exec(
      `PRAGMA max_page_count = ${Number(database.prepare("PRAGMA page_count").get()?.page_count)}`,
    );
    await assert.rejects(clock.until(push(50_000, 1, { idempotencyKey: "a" })), (error: BusyError) => {
      assert.deepEqual(error.fields.admission, { accepted: 0, rejected: [] });
      assert.match(error.message, /full/);
      return error instanceof BusyError;
    });
    assert.equal(inbox.requests.find("a"), undefined);
    database.exec("PRAGMA max_page_count = 1000000");
    await clock.until(push(3, 1, { idempotencyKey: "a" }));
    await clock.advance(100);
    assert.deepEqual(lines.rows.map(({ item }) => item.value), [0, 1, 2, 3]);
    await close();
  });

  it("tells when what was admitted can't be read any more", async () => {
    const { clock, database, failures, push, close } = await openIntake();
    database.exec("CREATE TRIGGER damage AFTER INSERT ON pushed BEGIN UPDATE pushed SET batch = x'00'; END");
    await clock.until(push(3, 0));
    await clock.advance(10);
    assert.match(String(failures[0]), /StoreError.*row 1/);
    await close();
  });
});
