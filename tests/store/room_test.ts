import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StoreError } from "../../src/core/mod.ts";
import { STORE_ROOM_FACTOR, STORE_SPARE_BYTES } from "../../src/core/limits.ts";
import { bytesOf, Room } from "../../src/store/room.ts";

const full = (error: unknown) => error instanceof StoreError && error.code === "STORE_FULL";

describe("Room.claim()", () => {
  it("refuses what doesn't fit with everything claimed before, and what is refused isn't claimed", () => {
    const room = new Room("data", () => STORE_SPARE_BYTES + STORE_ROOM_FACTOR * 1_000);
    room.claim(600);
    assert.throws(() => room.claim(401), full);
    room.claim(400);
    assert.throws(() => room.claim(1), full);
    room.release();
    room.claim(1_000);
  });

  it("looks at the disk each time", () => {
    let free = 0;
    const room = new Room("data", () => free);
    assert.throws(() => room.claim(0), full);
    free = STORE_SPARE_BYTES;
    room.claim(0);
  });

  it("knows no bound where the file system tells none", () => {
    new Room("/nowhere/at/all").claim(1e15);
  });
});

describe("bytesOf()", () => {
  it("judges by the first product", () => {
    assert.equal(bytesOf([]), 0);
    assert.ok(bytesOf([{ a: "x".repeat(1_000) }, {}]) > 2_000);
  });
});
