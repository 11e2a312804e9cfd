/**
 * Either end of the line that is measured.
 *
 * @module
 */

import { z } from "zod";
import { compileCodec } from "../../src/batch/mod.ts";
import { LINE_BATCHES } from "../../src/core/limits.ts";
import { hashKey, systemClock } from "../../src/core/mod.ts";
import { LineReceiver, LineSender, Packer, portOf } from "../../src/line/mod.ts";
import type { LineTask } from "./line_bench.ts";

/** Wide enough that the bytes, not the rows, fill even the largest batch. */
const material = z.object({ device: z.string(), at: z.number(), note: z.string() });
const codec = compileCodec(material, { what: "material" });
const item = { device: "device-1", at: 1_700_000_000_000, note: "" };
const hash = hashKey(item.device);

let receiver: LineReceiver | undefined;
let send: ((batches: number) => Promise<void>) | undefined;

// A Web Worker's own scope, which the types of a page don't know.
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<LineTask>) => void;
  postMessage(message: unknown): void;
};

scope.onmessage = async ({ data: task }) => {
  if (task.kind === "receive") receive(task.port);
  else if (task.kind === "send") send = sender(task.port, task.batchBytes);
  else await send?.(task.batches);
  scope.postMessage("done");
};
scope.postMessage("ready");

function receive(port: MessagePort): void {
  const reader = codec.reader();
  receiver = new LineReceiver(portOf(port), {
    batches: LINE_BATCHES,
    receive(message) {
      if (message.kind !== "batch") return;
      reader.load(message.buffer);
      reader.unload();
      receiver?.release(message.buffer);
    },
  });
}

function sender(port: MessagePort, batchBytes: number): (batches: number) => Promise<void> {
  const line = new LineSender(portOf(port), systemClock);
  const packer = new Packer({
    writer: codec.writer(),
    sender: line,
    clock: systemClock,
    type: 0,
    batchBytes,
  });
  let count = 0;
  return async (batches) => {
    for (let batch = 0; batch < batches; batch++) {
      while (!packer.full) packer.append({ ...item, note: `${count++}`.padEnd(160, ".") }, item.device, hash);
      while (!packer.flush(1)) await line.ready();
    }
    while (!line.idle) await new Promise((resolve) => setTimeout(resolve));
  };
}
