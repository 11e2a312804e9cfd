import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Log, LOG_LEVELS, type LogEvent, type LogOptions } from "../../src/operations/mod.ts";

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** The lines that a log writes of some events. */
function lines(options: Partial<LogOptions>, ...events: LogEvent[]): string[] {
  const written: string[] = [];
  const log = new Log({
    clock: { now: () => AT },
    level: "info",
    format: "json",
    write: (line) => void written.push(line),
    ...options,
  });
  events.forEach((event) => log.tell(event));
  return written;
}

const event: LogEvent = {
  level: "warn",
  event: "alarm-raised",
  message: "slow",
  fields: { kind: "latency" },
};

describe("Log", () => {
  it("writes one JSON object on a line", () => {
    const [line] = lines({}, event);
    assert.deepEqual(JSON.parse(line), {
      at: "2026-01-02T03:04:05.678Z",
      level: "warn",
      event: "alarm-raised",
      message: "slow",
      kind: "latency",
    });
  });

  it("writes words for people, coloured if asked", () => {
    assert.match(
      lines({ format: "pretty" }, event)[0],
      /^\d\d:\d\d:\d\d WARN {2}slow {2}\(alarm-raised kind=latency\)$/,
    );
    assert.ok(lines({ format: "pretty", colour: true }, event)[0].includes("\u001b[33mWARN \u001b[0m slow"));
  });

  it("leaves out what matters less than its level", () => {
    const all = LOG_LEVELS.map((level): LogEvent => ({ level, event: "e", message: "m" }));
    const counts = LOG_LEVELS.map((level) => lines({ level }, ...all).length);
    assert.deepEqual(counts, [1, 2, 3, 4]);
  });

  it("writes one line, without controls, whatever an event holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (message, value) => {
        for (const format of ["json", "pretty"] as const) {
          const [line] = lines({ format }, { ...event, message, fields: { value } });
          // deno-lint-ignore no-control-regex
          assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
          if (format === "json") assert.equal(JSON.parse(line).message, message);
        }
      }),
    );
  });
});
