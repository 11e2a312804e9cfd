/**
 * A thread of the crew: so many coroutines, each of which does one business after the other with `fetch`.
 *
 * @module
 */

import { type Computed, type RawData, type Row, rowOf } from "./business.ts";

/** What a thread is told: to begin, or to end. */
export type CrewTask = {
  readonly kind: "begin";
  readonly raw: string;
  readonly compute: string;
  /** Its businesses: this one, and from there every `step`th. */
  readonly first: number;
  readonly step: number;
  readonly inFlight: number;
  /** To the writer. */
  readonly rows: MessagePort;
} | { readonly kind: "end" };

/** Rows that were done together, on their way to the writer. */
export interface Rows {
  readonly at: number;
  readonly rows: readonly Row[];
}

/** Rows are collected for so long, as one message and one transaction each would cost more than the work. */
const LINGER_MS = 20;

// A Web Worker's own scope, which the types of a page don't know.
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<CrewTask>) => void;
  postMessage(message: unknown): void;
};

let ended = false;

scope.onmessage = ({ data: task }) => {
  if (task.kind === "end") ended = true;
  else begin(task).catch((error) => scope.postMessage({ failed: String(error) }));
};
scope.postMessage("ready");

async function begin(task: CrewTask & { kind: "begin" }): Promise<void> {
  let next = task.first;
  let done = 0;
  let rows: Row[] = [];
  const send = () => {
    if (rows.length > 0) task.rows.postMessage({ at: Date.now(), rows } satisfies Rows);
    rows = [];
  };
  const timer = setInterval(send, LINGER_MS);
  await Promise.all(Array.from({ length: task.inFlight }, async () => {
    while (!ended) {
      const id = next;
      next += task.step;
      const startedAt = performance.now();
      const raw = await post<RawData>(`${task.raw}/raw`, { id });
      const computed = await post<Computed>(`${task.compute}/compute`, raw);
      rows.push(rowOf(computed, startedAt)); // not before an await: the rows may be others by then
      done++;
    }
  }));
  clearInterval(timer);
  send();
  scope.postMessage({ done });
}

async function post<Answer>(url: string, payload: unknown): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(payload) });
  if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status}`);
  return await answer.json();
}
