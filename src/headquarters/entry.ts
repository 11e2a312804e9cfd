/**
 * What every department's Web Worker does first: expose the department, and report what nobody catches.
 *
 * @module
 */

import { expose } from "comlink";
import { toWire } from "../core/mod.ts";
import { carryErrors } from "./comlink.ts";
import type { EntryMessage } from "./web_workers.ts";

/** The parts of a Web Worker's global scope that both runtimes have. */
interface Scope {
  postMessage(message: EntryMessage): void;
  addEventListener(
    type: "error" | "unhandledrejection",
    listener: (event: Event & { error?: unknown; reason?: unknown; message?: string }) => void,
  ): void;
}

/** Exposes `department` to headquarters and says that it is ready. */
export function enter(department: object): void {
  const scope = globalThis as unknown as Scope;
  carryErrors();
  const failed = (error: unknown) => scope.postMessage({ shopfloor: "failed", error: toWire(error) });
  scope.addEventListener("error", (event) => {
    event.preventDefault();
    failed(event.error ?? event.message);
  });
  scope.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    failed(event.reason);
  });
  expose(department);
  scope.postMessage({ shopfloor: "ready" });
}

/** Exposes `department` to operations as well. */
export function serve(department: object, port: MessagePort): void {
  expose(department, port);
}
