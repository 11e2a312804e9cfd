/**
 * A whole factory in the calling thread.
 *
 * @module
 */

import type { Blueprint } from "../blueprint/mod.ts";
import { type Clock, systemClock } from "../core/mod.ts";
import {
  Ceo,
  type Factory,
  type FactoryOptions,
  type OnFailure,
  type Remote,
  resolveOptions,
  type Site,
  type Staff,
} from "../headquarters/mod.ts";
import { memoryChannel, type Port } from "../line/mod.ts";
import { OperationsDepartment, type Premises } from "../operations/mod.ts";
import { ProcurementDepartment } from "../procurement/mod.ts";
import { TransportDepartment } from "../transport/mod.ts";
import { WorkshopDepartment } from "../workshop/mod.ts";
import type { Accidents } from "./accidents.ts";
import { randomFrom, VirtualClock } from "./virtual_clock.ts";

/** Options of {@link inline}: those of a factory, and where time and chance come from. */
export interface InlineOptions extends FactoryOptions {
  /** Default: the machine's clock. With a {@link VirtualClock}, whoever waits has to let its time pass. */
  readonly clock?: Clock;
  /** Default 1. */
  readonly seed?: number;
  /** Lets departments die. */
  readonly accidents?: Accidents;
}

/**
 * Opens a factory in the calling thread: the same departments, on ports in memory and a virtual clock. For tests
 * of blueprints: hours of contracts, timers and retries pass in milliseconds, and a seed fixes the order of events.
 *
 * @example
 * ```ts
 * import { defineBlueprint, keyed } from "@shopfloor/shopfloor";
 * import { inline, VirtualClock } from "@shopfloor/shopfloor/testing";
 * import { z } from "zod";
 * import assert from "node:assert/strict";
 *
 * const blueprint = defineBlueprint({
 *   name: "counter",
 *   material: z.object({ user: z.string() }),
 *   key: (click) => click.user,
 *   products: { count: z.object({ clicks: z.int() }) },
 *   workshop: keyed({
 *     hire: () => ({ clicks: 0 }),
 *     work(worker, _click, ship) {
 *       ship("count", { clicks: ++worker.state.clicks });
 *     },
 *   }),
 * });
 * const clock = new VirtualClock({ seed: 7 });
 * const factory = await inline(blueprint, { clock });
 * await clock.until(factory.push([{ user: "ann" }, { user: "bob" }, { user: "ann" }]));
 * const summary = await clock.until(factory.drain());
 * assert.equal(summary.products.count, 3);
 * ```
 */
export async function inline(blueprint: Blueprint, options: InlineOptions = {}): Promise<Factory> {
  const { clock = systemClock, seed = 1, accidents, ...rest } = options;
  const ceo = new Ceo(blueprint, {
    options: resolveOptions({ workshops: 1, ...rest }),
    site: inlineSite(blueprint, { clock, seed, accidents }),
  });
  const opened = ceo.open();
  await (clock instanceof VirtualClock ? clock.until(opened) : opened);
  return ceo;
}

/** Every department here and now. */
function inlineSite(
  blueprint: Blueprint,
  { clock, seed, accidents }: { clock: Clock; seed: number; accidents: Accidents | undefined },
): Site {
  const ports = (ends: readonly unknown[]) => ends as readonly Port[];
  const staffed = <D extends Closable>(name: string, department: D, onFailure: OnFailure) => {
    const life = { over: false };
    const end = () => {
      life.over = true;
      void Promise.try(() => department.close()).catch(() => {}); // nobody is left to be told
    };
    accidents?.enter(name, { end, onFailure });
    const calls = remote(department, life);
    return { calls, branch: { calls, terminate: end } };
  };
  return {
    clock,
    random: randomFrom(seed),
    unstoppable: false,
    channel: () => memoryChannel(clock),
    portOf: (end) => end as Port,
    procurement(onFailure) {
      const { calls, branch } = staffed("procurement", new ProcurementDepartment(clock), onFailure);
      return Promise.resolve({
        ...branch,
        open: (config, lines, report) => calls.open(blueprint, { config, lines: ports(lines), report }),
        rejoin: (workshops, lines, committed) => calls.rejoin(workshops, { lines: ports(lines), committed }),
        deal: (table, lines) => calls.deal(table, ports(lines)),
      });
    },
    workshop(id, onFailure) {
      const random = randomFrom(seed + id);
      const department = new WorkshopDepartment({ clock, random, heapBytes: () => 0 });
      const { calls, branch } = staffed(`workshop ${id}`, department, onFailure);
      return Promise.resolve({
        ...branch,
        open: (config, line, conveyor) =>
          calls.open(blueprint, { config, line: line as Port, conveyor: conveyor as Port }),
        handOver: (slots, end) => calls.handOver(slots, end as Port),
        takeOver: (end) => calls.takeOver(end as Port),
      });
    },
    transport(onFailure) {
      const { calls, branch } = staffed("transport", new TransportDepartment(clock), onFailure);
      return Promise.resolve({
        ...branch,
        prepare: (config) => calls.prepare(blueprint, config),
        open: ({ config, committed }, conveyors, report) =>
          calls.open(blueprint, { config, committed, conveyors: ports(conveyors), report }),
        replace: (workshops, conveyors) => calls.replace(workshops, ports(conveyors)),
        resize: (workshops, conveyors) => calls.resize(workshops, ports(conveyors)),
        tap: (type, key, end) => calls.tap(type, key, end as Port),
      });
    },
    operations(onFailure) {
      const { calls, branch } = staffed("operations", new OperationsDepartment(clock, () => 0), onFailure);
      return Promise.resolve({
        ...branch,
        open: async (config, staff, listener) => {
          await calls.open(config, premises(staff));
          await calls.subscribe(listener);
        },
        restaff: (staff) => calls.restaff(premises(staff)),
      });
    },
  };
}

function premises({ procurement, workshops, transport }: Staff): Premises {
  return {
    procurement: procurement.calls,
    workshops: workshops.map((workshop) => workshop.calls),
    transport: transport.calls,
  };
}

interface Closable {
  close(): void | Promise<void>;
}

/** The department's methods as calls from elsewhere: answered later, with errors as rejections, or never. */
function remote<D extends object>(department: D, life: { readonly over: boolean }): Remote<D> {
  const never = new Promise<never>(() => {});
  return new Proxy(department, {
    get: (target, name) => async (...args: unknown[]) => {
      if (life.over) return await never;
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      const result = await method.apply(target, args);
      return life.over && name !== "close" ? await never : result;
    },
  }) as unknown as Remote<D>;
}
