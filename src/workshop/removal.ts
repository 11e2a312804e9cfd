/**
 * Workers that move to another workshop: packed by one, taken in by the other, while nothing comes for them.
 *
 * @module
 */

import { type BatchReader, WORKER_STATE, type WorkerState } from "../batch/mod.ts";
import { abortable, type Clock, ClosedError, slotOf } from "../core/mod.ts";
import { BATCH_BYTES, LINE_BATCHES } from "../core/limits.ts";
import { LineReceiver, LineSender, Packer, type Port } from "../line/mod.ts";
import type { Personnel } from "./personnel.ts";
import type { Records } from "./records.ts";

/** One side's books, and the channel to the other side. */
export interface Removal {
  readonly personnel: Personnel;
  readonly records: Records;
  readonly port: Port;
  readonly signal: AbortSignal;
}

/** Sends the workers of these slots away; resolves to how many when the other side has been sent the last. */
export async function sendWorkers(
  slots: ReadonlySet<number>,
  { personnel, records, port, signal, clock }: Removal & { clock: Clock },
): Promise<number> {
  const sender = new LineSender(port, clock);
  const writer = WORKER_STATE.writer();
  const packer = new Packer({ writer, sender, clock, type: 0, batchBytes: BATCH_BYTES });
  let sent = 0;
  const flush = async () => {
    while (!packer.flush(0)) await abortable(sender.ready(), signal);
  };
  const { roster, contracts } = personnel;
  for (let index = 0; index < roster.places; index++) {
    const worker = roster.at(index);
    if (worker === undefined || !slots.has(slotOf(worker.hash))) continue;
    packer.append(records.hired(worker, contracts.renewedAt(index)), worker.key, worker.hash);
    personnel.release(worker);
    sent++;
    if (packer.full) await flush();
  }
  await flush();
  sender.barrier(0, { offsets: {} });
  return sent;
}

/** Takes in whoever comes; resolves to how many when the last has. */
export function receiveWorkers({ personnel, records, port, signal }: Removal): Promise<number> {
  const reader: BatchReader = WORKER_STATE.reader();
  const all = Promise.withResolvers<number>();
  let taken = 0;
  const receiver = new LineReceiver(port, {
    batches: LINE_BATCHES,
    receive(message) {
      if (message.kind === "barrier") return all.resolve(taken);
      reader.load(message.buffer);
      try {
        for (let row = 0; row < message.rows; row++) {
          const { renewedAt, ...rest } = reader.item(row) as WorkerState;
          const key = reader.key(row);
          const memory = records.memory(key, rest);
          personnel.rehire(key, rest.hash, { memory, renewedAt });
          taken++;
        }
      } catch (error) {
        return all.reject(error);
      }
      reader.unload();
      receiver.release(message.buffer);
    },
  });
  const close = () => all.reject(new ClosedError("workshop: closed while workers were coming"));
  signal.addEventListener("abort", close, { once: true });
  return all.promise.finally(() => {
    signal.removeEventListener("abort", close);
    receiver.close();
  });
}
