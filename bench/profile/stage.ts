/**
 * One stage of an item's way, alone.
 *
 * @module
 */

/** What is timed. */
export interface Stage {
  /** Where it runs in a factory: stages of different departments run at the same time. */
  readonly department: "procurement" | "workshop" | "transport" | "line";
  readonly name: string;
  /** Does it for some items and says how many. */
  run(): number | Promise<number>;
}

/** Nanoseconds per item of each round. */
export async function timed(
  { run }: Stage,
  { rounds, warm }: { rounds: number; warm: number },
): Promise<number[]> {
  const times: number[] = [];
  for (let round = -warm; round < rounds; round++) {
    const startedAt = performance.now();
    const items = await run();
    if (round >= 0) times.push((performance.now() - startedAt) * 1e6 / items);
  }
  return times;
}
