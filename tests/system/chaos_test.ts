import { describe, it } from "node:test";
import { chaos } from "../soak/chaos.ts";
import { FLEET, LINES } from "../soak/jobs.ts";
import { pushes } from "../soak/pushes.ts";

/** Few, for every day; `deno task soak` has more of them. */
const KILLS = 5;

/** New lives every time: what fails says which. */
const seed = Date.now() % 1e9;
const say = () => {};

describe("a factory in chaos: killed, with accidents in its Web Workers, scaled", () => {
  for (const job of [FLEET, LINES]) {
    it(`has the rows of a plain loop in the end: ${job.name}`, () =>
      chaos(job, { kills: KILLS, seed, say }).then(() => {}));
  }

  it("takes each push once, however often it is sent", () => pushes({ kills: KILLS, seed, say }));
});
