/**
 * Departments in Web Workers.
 *
 * @module
 */

import { deadline } from "@std/async";
import { proxy, releaseProxy, type Remote as ComlinkRemote, transfer, wrap } from "comlink";
import { DepartmentError, type ErrorWire, fromWire, systemClock } from "../core/mod.ts";
import { START_MS } from "../core/limits.ts";
import { portOf } from "../line/mod.ts";
import { packagesHint, runtimeName } from "../platform/mod.ts";
import { carryErrors } from "./comlink.ts";
import type {
  Branch,
  OnFailure,
  OperationsBranch,
  ProcurementBranch,
  Remote,
  Site,
  Staff,
  TransportBranch,
  WorkshopBranch,
} from "./site.ts";

/** In the published form files may end in .js: the departments' entries end as this module does. */
const EXTENSION = import.meta.url.endsWith(".js") ? "js" : "ts";

/** What a department's Web Worker says before Comlink takes over, and when it fails. */
export type EntryMessage =
  | { readonly shopfloor: "ready" }
  | { readonly shopfloor: "failed"; readonly error: ErrorWire };

/** Comlink's view of what an entry exposes; {@link Branch} gives it its real types. */
type Exposed = ComlinkRemote<Record<string, (...args: never[]) => unknown>>;

/** Runs every department in a Web Worker of its own. */
export function webWorkers(blueprint: string): Site {
  carryErrors();
  return {
    clock: systemClock,
    random: Math.random,
    unstoppable: runtimeName() === "deno", // terminate() doesn't stop a Web Worker in an endless loop there
    channel() {
      const { port1, port2 } = new MessageChannel();
      return [port1, port2];
    },
    portOf: (end) => portOf(end as MessagePort),
    async procurement(onFailure): Promise<ProcurementBranch> {
      const { calls, terminate, call } = await start<ProcurementBranch>(
        "procurement",
        "procurement",
        onFailure,
      );
      return {
        calls,
        terminate,
        open: (config, lines, report) => call("openAt", blueprint, config, moved(lines), proxy(report)),
        rejoin: (workshops, lines, committed) => call("rejoinAt", workshops, moved(lines), committed),
        deal: (table, lines) => call("dealAt", table, moved(lines)),
        ...inspectable(call),
      };
    },
    async workshop(id, onFailure): Promise<WorkshopBranch> {
      const { calls, terminate, call } = await start<WorkshopBranch>("workshop", `workshop ${id}`, onFailure);
      return {
        calls,
        terminate,
        open: (config, line, conveyor) => call("openAt", blueprint, config, moved([line, conveyor])),
        handOver: (slots, end) => call("handOverAt", slots, moved([end])),
        takeOver: (end) => call("takeOverAt", moved([end])),
        ...inspectable(call),
      };
    },
    async transport(onFailure): Promise<TransportBranch> {
      const { calls, terminate, call } = await start<TransportBranch>("transport", "transport", onFailure);
      return {
        calls,
        terminate,
        prepare: (config) => call("prepareAt", blueprint, config),
        open: (config, conveyors, report) =>
          call("openAt", blueprint, config, moved(conveyors), proxy(report)),
        replace: (workshops, conveyors) => call("replaceAt", workshops, moved(conveyors)),
        resize: (workshops, conveyors) => call("resizeAt", workshops, moved(conveyors)),
        tap: (type, key, end) => call("tapAt", type, key, moved([end])),
        ...inspectable(call),
      };
    },
    async operations(onFailure): Promise<OperationsBranch> {
      const { calls, terminate, call } = await start<OperationsBranch>("operations", "operations", onFailure);
      const known = new WeakSet<object>();
      return {
        calls,
        terminate,
        open: async (config, staff, listener) =>
          await call("openAt", config, moved(await inspectors(staff, known)), proxy(listener)),
        restaff: async (staff) => await call("restaffAt", moved(await inspectors(staff, known))),
      };
    },
  };
}

type Call = <Result>(method: string, ...args: unknown[]) => Promise<Result>;

const INSPECT = Symbol("inspect");

/** Lets operations in by a port of its own. */
function inspectable(call: Call): { [INSPECT](): Promise<MessagePort> } {
  return {
    async [INSPECT]() {
      const { port1, port2 } = new MessageChannel();
      await call("serve", moved([port1]));
      return port2;
    },
  };
}

/** A port to each of the staff; null for those that are known already. */
function inspectors(
  { procurement, transport, workshops }: Staff,
  known: WeakSet<object>,
): Promise<(MessagePort | null)[]> {
  return Promise.all([procurement, transport, ...workshops].map((branch) => {
    if (known.has(branch)) return null;
    known.add(branch);
    return (branch as unknown as ReturnType<typeof inspectable>)[INSPECT]();
  }));
}

/** Ports on their way to a department. */
function moved(ends: readonly unknown[]): unknown[] {
  return transfer([...ends], ends.filter((end) => end !== null) as MessagePort[]);
}

/** Starts a Web Worker and waits until it answers. */
async function start<B extends Branch<never> | { calls: unknown }>(
  entry: "procurement" | "workshop" | "transport" | "operations",
  name: string,
  onFailure: OnFailure,
): Promise<{ calls: B["calls"]; terminate(): void; call: Call }> {
  const url = new URL(`../../workers/${entry}_worker.${EXTENSION}`, import.meta.url);
  const worker = new Worker(url, { type: "module", name });
  const exposed = wrap(worker) as unknown as Exposed;
  const terminate = () => {
    exposed[releaseProxy]();
    worker.terminate();
  };
  try {
    await deadline(ready(worker, name, onFailure), START_MS);
  } catch (cause) {
    terminate();
    if (cause instanceof DepartmentError) throw cause;
    throw new DepartmentError(`${name}: its Web Worker didn't start within ${START_MS} ms`, {
      fields: { department: name },
      cause,
    });
  }
  const call: Call = (method, ...args) =>
    Reflect.apply(exposed[method] as unknown as () => never, undefined, args);
  return { calls: exposed as unknown as B["calls"] & Remote<object>, terminate, call };
}

/** Resolves when the entry says so; from then on whatever goes wrong is told to `onFailure`. */
function ready(worker: Worker, name: string, onFailure: OnFailure): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error) => {
      const hint = packagesHint();
      const error = new DepartmentError(`${name}: ${hint ?? cause.message}`, {
        fields: { department: name },
        cause,
      });
      reject(error);
      onFailure(error);
    };
    worker.addEventListener("message", ({ data }: MessageEvent<EntryMessage>) => {
      if (data?.shopfloor === "ready") resolve();
      else if (data?.shopfloor === "failed") failed(fromWire(data.error));
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault(); // or Deno ends the whole process
      failed(new Error(event.message || "its Web Worker ended with an error"));
    });
  });
}
