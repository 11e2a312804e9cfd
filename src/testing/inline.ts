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
} from "../headquarters/mod.ts";
import { memoryChannel, type Port } from "../line/mod.ts";
import { OperationsDepartment } from "../operations/mod.ts";
import { ProcurementDepartment } from "../procurement/mod.ts";
import { TransportDepartment } from "../transport/mod.ts";
import { WorkshopDepartment } from "../workshop/mod.ts";
import { randomFrom, VirtualClock } from "./virtual_clock.ts";

/** Options of {@link inline}: those of a factory, and where time and chance come from. */
export interface InlineOptions extends FactoryOptions {
  /** Default: the machine's clock. With a {@link VirtualClock}, whoever waits has to let its time pass. */
  readonly clock?: Clock;
  /** Default 1. */
  readonly seed?: number;
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
  const { clock = systemClock, seed = 1, ...rest } = options;
  const ceo = new Ceo(blueprint, {
    options: resolveOptions({ workshops: 1, ...rest }),
    site: inlineSite(blueprint, { clock, seed }),
  });
  const opened = ceo.open();
  await (clock instanceof VirtualClock ? clock.until(opened) : opened);
  return ceo;
}

/** Every department here and now. */
function inlineSite(blueprint: Blueprint, { clock, seed }: { clock: Clock; seed: number }): Site {
  const ports = (ends: readonly unknown[]) => ends as readonly Port[];
  const staffed = <D extends object>(department: D) => ({
    calls: remote(department),
    terminate: () => void (department as unknown as { close(): void }).close(),
  });
  return {
    clock,
    channel: () => memoryChannel(clock),
    portOf: (end) => end as Port,
    procurement(_onFailure: OnFailure) {
      const department = new ProcurementDepartment(clock);
      return Promise.resolve({
        ...staffed(department),
        open: (config, lines, report) => department.open(blueprint, { config, lines: ports(lines), report }),
      });
    },
    workshop(id) {
      const random = randomFrom(seed + id);
      const department = new WorkshopDepartment({ clock, random, heapBytes: () => 0 });
      return Promise.resolve({
        ...staffed(department),
        open: async (config, line, conveyor) => {
          await department.open(blueprint, { config, line: line as Port, conveyor: conveyor as Port });
        },
      });
    },
    transport() {
      const department = new TransportDepartment(clock);
      return Promise.resolve({
        ...staffed(department),
        prepare: async (config) => await department.prepare(blueprint, config),
        open: ({ config, committed }, conveyors, report) =>
          department.open(blueprint, { config, committed, conveyors: ports(conveyors), report }),
        tap: async (type, key, end) => await department.tap(type, key, end as Port),
      });
    },
    operations() {
      const department = new OperationsDepartment(clock, () => 0);
      return Promise.resolve({
        ...staffed(department),
        open: async (config, { procurement, workshops, transport }, listener) => {
          await department.open(config, {
            procurement: procurement.calls,
            workshops: workshops.map((workshop) => workshop.calls),
            transport: transport.calls,
          });
          department.subscribe(listener);
        },
      });
    },
  };
}

/** The department's methods as calls from elsewhere: answered later, with errors as rejections. */
function remote<D extends object>(department: D): Remote<D> {
  return new Proxy(department, {
    get: (target, name) => async (...args: unknown[]) =>
      await (Reflect.get(target, name) as (...args: unknown[]) => unknown).apply(target, args),
  }) as unknown as Remote<D>;
}
