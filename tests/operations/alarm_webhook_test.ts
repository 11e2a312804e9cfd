import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { OptionsError } from "../../src/core/mod.ts";
import { WEBHOOK_ATTEMPTS, WEBHOOK_MS, WEBHOOK_QUEUE } from "../../src/core/limits.ts";
import { type Alarm, AlarmWebhook, type LogEvent } from "../../src/operations/mod.ts";
import { ManualClock } from "./manual_clock.ts";

const alarm: Alarm = { kind: "sink-down", subject: "sink average", since: 1, message: "no route" };
const URL_WITH_SECRET = "https://hooks.example/T0P/s3cret?k=v";

let clock: ManualClock;
let told: LogEvent[];
/** Bodies of the calls. */
let calls: unknown[];
let answer: (signal: AbortSignal) => Promise<Response>;

function webhook(): AlarmWebhook {
  return new AlarmWebhook({
    url: URL_WITH_SECRET,
    factory: "mill",
    clock,
    tell: (event) => void told.push(event),
    fetch: ((_url: string, init: RequestInit) => {
      calls.push(JSON.parse(init.body as string));
      return answer(init.signal!);
    }) as typeof fetch,
  });
}

const status = (code: number) => () => Promise.resolve(new Response(null, { status: code }));

beforeEach(() => {
  clock = new ManualClock();
  told = [];
  calls = [];
  answer = status(204);
});

describe("AlarmWebhook", () => {
  it("POSTs each change of an alarm", async () => {
    const hook = webhook();
    hook.send({ change: "raised", alarm });
    hook.send({ change: "cleared", alarm });
    await hook.close();
    assert.deepEqual(calls, [
      { factory: "mill", change: "raised", alarm },
      { factory: "mill", change: "cleared", alarm },
    ]);
    assert.deepEqual(told, []);
    assert.equal(clock.timers, 0);
  });

  it("tries again while the server has trouble, in the order of the changes", async () => {
    const answers = [
      status(503),
      () => Promise.reject(new Error("reset")),
      status(429),
      status(200),
      status(200),
    ];
    answer = () => answers.shift()!();
    const hook = webhook();
    hook.send({ change: "raised", alarm });
    hook.send({ change: "cleared", alarm });
    await clock.advance(60_000);
    assert.deepEqual(calls.map((call) => (call as { change: string }).change), [
      ...new Array(4).fill("raised"),
      "cleared",
    ]);
    assert.deepEqual(told, []);
  });

  it("gives up after some attempts, and at once when it is refused; it says so without the URL's secret", async () => {
    answer = (signal) => {
      assert.ok(signal);
      return Promise.reject(new TypeError(`error sending request for url (${URL_WITH_SECRET})`));
    };
    const hook = webhook();
    hook.send({ change: "raised", alarm });
    await clock.advance(120_000);
    assert.equal(calls.length, WEBHOOK_ATTEMPTS);
    answer = status(404);
    hook.send({ change: "cleared", alarm });
    await clock.advance(120_000);
    assert.equal(calls.length, WEBHOOK_ATTEMPTS + 1);
    assert.equal(told.length, 2);
    assert.match(told[1].message, /^https:\/\/hooks\.example was not told of an alarm: it answered 404$/);
    assert.doesNotMatch(JSON.stringify(told), /s3cret/);
  });

  it("gives every attempt a deadline, and keeps the latest of the changes that wait", async () => {
    answer = (signal) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason), { once: true })
      );
    const hook = webhook();
    for (let i = 0; i < WEBHOOK_QUEUE + 4; i++) {
      hook.send({ change: "raised", alarm: { ...alarm, subject: `sink ${i}` } });
    }
    assert.equal(told.length, 3);
    assert.equal(told[0].fields?.subject, "sink 1");
    await clock.advance(WEBHOOK_MS * 10);
    assert.equal(calls.length > 1, true);
  });

  it("close() ends attempts that take too long", async () => {
    answer = (signal) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason), { once: true })
      );
    const hook = webhook();
    hook.send({ change: "raised", alarm });
    const closed = hook.close();
    await clock.advance(WEBHOOK_MS * 3);
    await closed;
    assert.equal(clock.timers, 0);
  });

  it("takes nothing but web addresses", () => {
    for (const url of ["", "hooks.example", "file:///etc/passwd", "ftp://a"]) {
      assert.throws(() => new AlarmWebhook({ url, factory: "", clock, tell: () => {} }), OptionsError);
    }
  });
});
