/**
 * The dispatch as one would write it without a factory: Web Workers by plain `postMessage`, `fetch`, `node:sqlite`.
 *
 * @module
 */

import { join } from "node:path";
import type { CrewTask } from "./crew_worker.ts";
import type { DispatchOptions, DispatchRun } from "./run.ts";
import { measured } from "./window.ts";
import type { WriterTask } from "./writer_worker.ts";

/** Longest wait for a Web Worker. */
const PATIENCE_MS = 30_000;

/** Runs the dispatch in `threads` Web Workers, which share the businesses in flight. */
export async function crewRun(options: DispatchOptions): Promise<DispatchRun> {
  const database = join(options.folder, "results.db");
  const writer = new Thread("./writer_worker.ts");
  const crew = Array.from({ length: options.threads }, () => new Thread("./crew_worker.ts"));
  try {
    await Promise.all([writer, ...crew].map((thread) => thread.heard()));
    const ports = crew.map((thread, index) => begin(thread, options, index));
    writer.tell({ kind: "begin", database, ports }, ports);
    const window = await measured(options);
    for (const thread of crew) thread.tell({ kind: "end" });
    const ends = await Promise.all(crew.map((thread) => thread.heard<{ done: number }>()));
    const done = ends.reduce((sum, end) => sum + end.done, 0);
    writer.tell({ kind: "end", businesses: done });
    await writer.heard();
    return { ...window, database, done };
  } finally {
    for (const thread of [writer, ...crew]) thread.terminate();
  }
}

/** Starts one of the crew. @returns where its rows come out */
function begin(
  thread: Thread,
  { raw: [raw], compute: [compute], inFlight, threads }: DispatchOptions,
  index: number,
): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const share = Math.ceil(inFlight / threads);
  const task: CrewTask = {
    kind: "begin",
    raw,
    compute,
    first: index + 1,
    step: threads,
    inFlight: share,
    rows: port1,
  };
  thread.tell(task, [port1]);
  return port2;
}

/** A Web Worker that says one thing after the other. */
class Thread {
  readonly #worker: Worker;
  readonly #said: unknown[] = [];
  #hear: (() => void) | undefined;

  constructor(program: string) {
    this.#worker = new Worker(new URL(program, import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }) => this.#say(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#say({ failed: event.message });
    };
  }

  tell(task: CrewTask | WriterTask, ports: MessagePort[] = []): void {
    this.#worker.postMessage(task, ports);
  }

  /** What it says next. @throws {Error} when that is a failure, or takes too long */
  async heard<Said>(): Promise<Said> {
    if (this.#said.length === 0) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("a Web Worker says nothing")), PATIENCE_MS);
        this.#hear = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const said = this.#said.shift() as Said & { failed?: string };
    if (said.failed !== undefined) throw new Error(said.failed);
    return said;
  }

  terminate(): void {
    this.#worker.terminate();
  }

  #say(said: unknown): void {
    this.#said.push(said);
    this.#hear?.();
    this.#hear = undefined;
  }
}
