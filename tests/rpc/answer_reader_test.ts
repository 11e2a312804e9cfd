import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import fc from "fast-check";
import { AnswerReader } from "../../src/rpc/answer_reader.ts";
import type { HttpAnswer } from "../../src/rpc/http_answer.ts";

/** An answer's bytes: with a length, or in chunks. */
function bytesOf(body: string, chunkBytes: number): Buffer {
  const bytes = Buffer.from(body);
  if (chunkBytes === 0) {
    return Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n\r\n`), bytes]);
  }
  const parts = [Buffer.from("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n"));
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}

describe("reading answers", () => {
  it("gives the same ones however the network cuts them", () => {
    const answers = fc.array(fc.tuple(fc.string({ unit: "binary", maxLength: 50 }), fc.nat(9)), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(answers, fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (plan, cuts) => {
        const read: HttpAnswer[] = [];
        const reader = new AnswerReader((answer) => read.push(answer));
        const bytes = Buffer.concat(plan.map(([body, chunk]) => bytesOf(body, chunk)));
        for (let at = 0; at < bytes.length;) {
          const length = cuts.next().value!;
          reader.read(bytes.subarray(at, at += length));
        }
        assert.deepEqual(
          read.map(({ body }) => body.toString("utf8")),
          plan.map(([body]) => Buffer.from(body).toString("utf8")),
        );
        assert.ok(read.every(({ status, reusable }) => status === 200 && reusable));
      }),
    );
  });

  it("gives the same whether an answer comes as a whole or byte by byte", () => {
    const first = fc.constantFrom(
      "1.1 200 OK",
      "1.1 200 ",
      "1.1 404 Not Found",
      "1.1 204 No",
      "1.1 304 No",
      "1.0 200 OK",
    );
    const line = fc.constantFrom(
      "content-length: 2",
      "Content-Length:2",
      "content-length: 02",
      "content-length: 3",
      "content-length: 2, 2",
      "content-length : 2",
      "transfer-encoding: chunked",
      "transfer-encoding: gzip",
      "connection: close",
      "Connection: keep-alive",
      "keep-alive: timeout=5",
      "retry-after: \t1 ",
      "upgrade: h2c",
      "x-empty:",
      "x-text: caf\u00e9",
      " folded",
      "no colon",
      "x: a\rb",
    );
    const text = fc.tuple(
      first,
      fc.array(line, { maxLength: 3 }),
      fc.constantFrom("{}", "", "2\r\n{}\r\n0\r\n\r\n"),
    )
      .map(([first, lines, body]) => `HTTP/${[first, ...lines].join("\r\n")}\r\n\r\n${body}`);
    fc.assert(
      fc.property(text, (text) => {
        const bytes = Buffer.from(text, "latin1");
        const [whole, cut] = [[bytes], [...bytes].map((byte) => Buffer.from([byte]))].map((parts) => {
          const read: unknown[] = [];
          const reader = new AnswerReader(({ body, headers, ...answer }) => {
            read.push({ ...answer, body: body.toString("utf8"), headers: [...headers] });
          });
          try {
            for (const part of parts) reader.read(part);
            reader.end();
          } catch {
            read.push("refused");
          }
          return read;
        });
        assert.deepEqual(whole, cut);
      }),
      { numRuns: 2_000 },
    );
  });

  it("ends, or throws, whatever it is given", () => {
    const head = fc.constantFrom("HTTP/1.1 200 OK\r\n", "HTTP/1.1 204 No\r\n", "HTTP/1.0 500\r\n", "");
    const header = fc.constantFrom(
      "content-length: 5\r\n",
      "content-length: -9\r\n",
      "transfer-encoding: chunked\r\n",
      "connection: close\r\n",
      "x\r\n",
    );
    const rest = fc.oneof(fc.string(), fc.constantFrom("-5\r\n", "5\r\nabcde\r\n0\r\n\r\n", "zz\r\n"));
    const text = fc.tuple(head, fc.array(header, { maxLength: 3 }), rest)
      .map(([first, headers, last]) => `${first}${headers.join("")}\r\n${last}`);
    fc.assert(fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), (texts) => {
      const reader = new AnswerReader(() => {});
      try {
        for (const each of texts) reader.read(Buffer.from(each));
        reader.end();
      } catch (error) {
        assert.ok(error instanceof Error);
      }
    }));
  });
});
