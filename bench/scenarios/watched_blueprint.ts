/**
 * Devices in turn, over and over, whose workshops write on the board `settings.board` what they do, and die when it
 * says so. `settings.keys` devices; with `settings.farewell` every worker owes a good-bye.
 *
 * @module
 */

import { z } from "zod";
import { type Blueprint, defineBlueprint, generator, keyed, type Settings, sqlite } from "../../mod.ts";
import { Board, type Shared } from "./board.ts";

/** Readings that the source hands over at once. */
const CHUNK = 512;

const product = z.object({ device: z.string(), count: z.int(), mean: z.number() });

let board: Board | undefined;
let place = -1;

/** Takes note of a turn; dies if it is this Web Worker's turn to. */
function served(settings: Settings): void {
  if (board === undefined) {
    board = new Board(settings.board as Shared);
    place = board.takePlace();
  }
  board.served(place);
  if (!board.condemned(place)) return;
  setTimeout(() => {
    throw new Error("the scenario wants it dead");
  });
}

/** With or without a word when a worker is dismissed. */
export function watched({ farewell }: { farewell: boolean }): Blueprint {
  return defineBlueprint({
    name: "watched",
    material: z.object({ device: z.string(), value: z.number() }),
    key: ({ device }) => device,
    products: { average: product },
    workshop: keyed({
      contract: { idleMs: 600_000 },
      hire: () => ({ count: 0, mean: 0 }),
      work({ key, state }, { value }: { device: string; value: number }, ship, { settings }) {
        state.count++;
        state.mean += (value - state.mean) / state.count;
        ship("average", { device: key, count: state.count, mean: state.mean });
        served(settings);
      },
      dismiss: farewell ? (({ key, state }, ship) => ship("average", { device: key, ...state })) : undefined,
    }),
    source: ({ keys, items = Infinity }) => {
      let next = 0;
      return generator(function* ({ offset }) {
        for (next = Number(offset ?? 0); next < Number(items);) {
          const first = next;
          const chunk = Math.min(CHUNK, Number(items) - first);
          next += chunk;
          yield Array.from({ length: chunk }, (_, index) => ({
            device: `device-${(first + index) % Number(keys)}`,
            value: (first + index) % 1_000,
          }));
        }
      }, { offset: () => next });
    },
    sinks: sqlite(),
  });
}

const blueprint: Blueprint = watched({ farewell: false });
export default blueprint;
