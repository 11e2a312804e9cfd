/**
 * Batches from packer to receiver and back, over a real MessageChannel between two Web Workers.
 *
 * @module
 */

import { bench, group } from "mitata";

/** Batches sent for each measurement. */
const BATCHES = 64;

const KILOBYTES = [16, 64, 256];

/** What the two Web Workers are told. */
export type LineTask =
  | { readonly kind: "receive"; readonly port: MessagePort }
  | { readonly kind: "send"; readonly port: MessagePort; readonly batchBytes: number }
  | { readonly kind: "go"; readonly batches: number };

const open: Promise<readonly [Worker, Worker]>[] = [];

group("a line between two Web Workers", () => {
  for (const kilobytes of KILOBYTES) {
    const pair = Promise.withResolvers<readonly [Worker, Worker]>();
    let opened = false;
    bench(`Packer to LineReceiver and back, ${BATCHES} batches of ${kilobytes} KB`, async () => {
      if (!opened) {
        opened = true;
        pair.resolve(openLine(kilobytes * 1_024));
        open.push(pair.promise);
      }
      const [sender] = await pair.promise;
      await told(sender, { kind: "go", batches: BATCHES });
    });
  }
});

/** Ends the Web Workers. */
export async function closeLines(): Promise<void> {
  for (const pair of await Promise.all(open)) for (const worker of pair) worker.terminate();
}

async function openLine(batchBytes: number): Promise<readonly [Worker, Worker]> {
  const url = new URL("./line_bench_worker.ts", import.meta.url);
  const pair = [new Worker(url, { type: "module" }), new Worker(url, { type: "module" })] as const;
  await Promise.all(pair.map((worker) => heard(worker))); // each says when it listens
  const { port1, port2 } = new MessageChannel();
  await told(pair[1], { kind: "receive", port: port2 }, [port2]);
  await told(pair[0], { kind: "send", port: port1, batchBytes }, [port1]);
  return pair;
}

function told(worker: Worker, task: LineTask, transfer: Transferable[] = []): Promise<void> {
  const answer = heard(worker);
  worker.postMessage(task, transfer);
  return answer;
}

function heard(worker: Worker): Promise<void> {
  return new Promise((resolve) => worker.addEventListener("message", () => resolve(), { once: true }));
}
