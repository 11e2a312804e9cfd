/**
 * A crowd of workers without a state: `settings.workers` of them are hired one after the other, renewed once, and
 * never heard of again. Regulars keep the lines busy meanwhile, and probes note how long items take.
 *
 * @module
 */

import { z } from "zod";
import { type Blueprint, defineBlueprint, generator, keyed, type Settings, type Source } from "../../mod.ts";

/** What the source is at: only regulars; the crowd comes; it comes again; only regulars, and it is dismissed. */
export const PHASES = ["before", "hire", "renew", "dismiss"] as const;

/** What the source is at. */
export type Phase = typeof PHASES[number];

/** Longest time from bought to served that a probe has seen in each phase, ms. */
export type Longest = Record<Phase, number>;

/** Keys that always have something to do. */
export const REGULARS = 1_000;

/** Keys that measure: enough to be in every workshop. */
export const PROBES = 64;

/** Items that the source hands over at once, a probe among them. */
const CHUNK = 512;

const visit = z.object({ visitor: z.string(), at: z.number(), phase: z.enum(PHASES) });

type Visit = z.infer<typeof visit>;

/** Items of the first phase. */
export function itemsBefore(settings: Settings): number {
  return Math.ceil(Number(settings.workers) / 4 / CHUNK) * CHUNK;
}

/** The blueprint, with contracts of so many milliseconds. */
export function crowd({ idleMs }: { idleMs: number }): Blueprint {
  return defineBlueprint({
    name: "crowd",
    material: visit,
    key: ({ visitor }) => visitor,
    products: {},
    workshop: keyed({
      contract: { idleMs },
      hire: (visitor) => visitor.startsWith("probe-") ? { before: 0, hire: 0, renew: 0, dismiss: 0 } : null,
      work({ state }: { state: Longest | null }, { at, phase }) {
        if (state !== null) state[phase] = Math.max(state[phase], Date.now() - at);
      },
    }),
    source,
  });
}

function source(settings: Settings): Source {
  const workers = Number(settings.workers);
  return generator(function* () {
    let sent = 0;
    const chunk = (phase: Phase, visitor: (index: number) => string): Visit[] => {
      const at = Date.now();
      const visits = Array.from(
        { length: CHUNK - 1 },
        (_, index) => ({ visitor: visitor(index), at, phase }),
      );
      return [...visits, { visitor: `probe-${sent++ % PROBES}`, at, phase }];
    };
    const regular = (index: number) => `regular-${(sent * CHUNK + index) % REGULARS}`;
    for (let items = 0; items < itemsBefore(settings); items += CHUNK) yield chunk("before", regular);
    for (const phase of ["hire", "renew"] as const) {
      for (let from = 0; from < workers; from += CHUNK - 1) {
        yield chunk(phase, (index) => from + index < workers ? `visitor-${from + index}` : regular(index));
      }
    }
    while (true) yield chunk("dismiss", regular);
  });
}
