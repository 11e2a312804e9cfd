import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { RegistryError } from "../../src/core/mod.ts";
import { openRegistry } from "../../src/registry/mod.ts";
import { parseAddress } from "../../src/registry/address.ts";
import { Backoff } from "../../src/registry/backoff.ts";
import type { Claim } from "../../src/registry/backend.ts";
import { decodeEndpoint, encodeEndpoint } from "../../src/registry/endpoint.ts";
import { EndpointList } from "../../src/registry/endpoint_list.ts";
import { HeldLease } from "../../src/registry/held_lease.ts";
import { readJsonLines } from "../../src/registry/json_stream.ts";
import { randomFrom, VirtualClock } from "../../src/testing/virtual_clock.ts";

const listed = (name: string, ttlMs = 1_000) => ({ endpoint: { url: `http://${name}` }, ttlMs });

describe("EndpointList", () => {
  function start() {
    const clock = new VirtualClock();
    const told: string[] = [];
    const onChange = (endpoints: readonly { url: string }[]) => {
      told.push(endpoints.map(({ url }) => url.slice(7)).join());
    };
    return { clock, told, list: new EndpointList({ clock, onChange }) };
  }

  it("gives what a later list lacks its own time to come back", async () => {
    const { clock, told, list } = start();
    list.replace(new Map([["1", listed("a", 1_000)], ["2", listed("b", 3_000)]]));
    list.replace(new Map());
    await clock.advance(999);
    assert.deepEqual(told, ["a,b"]);
    await clock.advance(1);
    assert.deepEqual(told, ["a,b", "b"]);
    list.replace(new Map([["2", listed("b", 3_000)]]));
    await clock.advance(10_000);
    assert.deepEqual(told, ["a,b", "b"]);
  });

  it("drops at once what it is told to drop", () => {
    const { told, list } = start();
    list.replace(new Map([["1", listed("a")]]));
    list.remove("1");
    list.remove("1");
    assert.deepEqual(told, ["a", ""]);
  });

  it("ends with what it was told last, whatever came before", async () => {
    const ids = fc.constantFrom("1", "2", "3");
    const change = fc.oneof(
      fc.record({ put: ids, name: fc.constantFrom("a", "b") }),
      fc.record({ remove: ids }),
      fc.record({ replace: fc.uniqueArray(ids) }),
    );
    await fc.assert(fc.asyncProperty(fc.array(change), async (changes) => {
      const { clock, told, list } = start();
      const model = new Map<string, string>();
      list.replace(new Map());
      for (const step of changes) {
        if ("put" in step) {
          list.put(step.put, listed(step.name));
          model.set(step.put, step.name);
        } else if ("remove" in step) {
          list.remove(step.remove);
          model.delete(step.remove);
        } else {
          list.replace(new Map(step.replace.map((id) => [id, listed("c")])));
          model.clear();
          for (const id of step.replace) model.set(id, "c");
        }
      }
      await clock.advance(1_000);
      assert.equal(told.at(-1), [...new Set(model.values())].sort().join());
    }));
  });
});

describe("HeldLease", () => {
  /** A server that answers as the seed has it: late, not at all, or that the lease is gone. */
  function hold(seed: number) {
    const random = randomFrom(seed);
    const clock = new VirtualClock({ seed });
    const ttlMs = 3_000;
    let expiresAt = clock.monotonic() + ttlMs;
    let gone = false;
    const claim: Claim = {
      token: 1,
      ttlMs,
      takenAt: clock.monotonic(),
      renew: (signal) =>
        new Promise((resolve, reject) => {
          const [late, heard, answered] = [random() * 900, random() < 0.85, random() < 0.9];
          clock.after(late / 2, () => {
            if (clock.monotonic() >= expiresAt) gone = true;
            if (heard && !gone) expiresAt = clock.monotonic() + ttlMs;
          });
          const answer = () => answered && heard ? resolve(!gone) : reject(new Error("no answer"));
          clock.after(late, answer);
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        }),
      remove: () => Promise.resolve(),
    };
    const backoff = new Backoff(random);
    const lease = new HeldLease({ name: "a", claim, clock, backoff, onClose: () => {} });
    return { clock, lease, holds: () => clock.monotonic() < expiresAt && !gone };
  }

  it("is given up before the server gives it to others, whatever becomes of its renewals", async () => {
    let kept = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const { clock, lease, holds } = hold(seed);
      for (let step = 0; step < 200 && !lease.lost.aborted; step++) {
        assert.ok(holds(), `seed ${seed}: others may hold it, and it isn't lost`);
        await clock.advance(100);
      }
      if (!lease.lost.aborted) kept++;
      await clock.until(lease.close());
      assert.ok(lease.lost.aborted);
    }
    assert.ok(kept > 0, "none was kept: the test tests nothing");
  });
});

describe("endpoints", () => {
  it("come back as they were written", () => {
    const url = fc.webUrl().map((url) => new URL(url).href.replace(/\/+$/, ""));
    const weight = fc.integer({ min: 1, max: 1_000 });
    fc.assert(
      fc.property(url, weight, fc.integer({ min: 1_000, max: 600_000 }), (url, weight, ttlMs) => {
        const listed = { endpoint: { url, weight }, ttlMs };
        assert.deepEqual(decodeEndpoint(encodeEndpoint(listed)), listed);
      }),
    );
  });

  it("that anybody may have written are endpoints or nothing", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const listed = decodeEndpoint(text);
      if (listed) assert.match(listed.endpoint.url, /^[a-z][a-z0-9+.-]*:[!-~]+$/);
    }));
  });
});

describe("parseAddress()", () => {
  it("reads hosts and path", () => {
    assert.deepEqual(parseAddress("etcd://a:1,[::1]:2/b/c/"), {
      scheme: "etcd",
      hosts: ["a:1", "[::1]:2"],
      path: "b/c",
    });
    assert.deepEqual(parseAddress("nats://127.0.0.1:4222"), {
      scheme: "nats",
      hosts: ["127.0.0.1:4222"],
      path: "",
    });
    assert.deepEqual(parseAddress("memory:x"), { scheme: "memory", hosts: ["x"], path: "" });
  });

  it("refuses everything else, and says what it wants", () => {
    for (
      const url of [
        "",
        "etcd",
        "etcd://",
        "etcd://a",
        "etcd://a:1,",
        "http://a:1",
        "nats://u:p@a:1",
        "etcd://a:1?b",
      ]
    ) {
      assert.throws(() => openRegistry(url), (error) => {
        return error instanceof RegistryError && error.code === "REGISTRY_REFUSED" &&
          /etcd:\/\/HOST:PORT/.test(error.message);
      }, url);
    }
  });
});

describe("readJsonLines()", () => {
  async function read(chunks: string[], lineBytes = 1_000): Promise<unknown[]> {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    });
    return await Array.fromAsync(readJsonLines(body, lineBytes));
  }

  it("reads values however they are cut", async () => {
    const values = fc.array(fc.oneof(fc.jsonValue(), fc.constant("ä日")), { maxLength: 5 });
    await fc.assert(fc.asyncProperty(values, fc.integer({ min: 1, max: 9 }), async (values, size) => {
      const text = values.map((value) => `${JSON.stringify(value)}\n`).join("");
      const chunks = text.match(new RegExp(`[^]{1,${size}}`, "gu")) ?? [];
      assert.deepEqual(JSON.stringify(await read(chunks)), JSON.stringify(values));
    }));
  });

  it("refuses what is no JSON, and a line without an end", async () => {
    await assert.rejects(read(["<html>\n"]), RegistryError);
    await assert.rejects(read(["1".repeat(600), "1".repeat(600)]), /exceeds 1000/);
  });
});
