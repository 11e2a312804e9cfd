/**
 * Whole slots move from workshop to workshop, with their workers, between two epochs.
 *
 * @module
 */

import { abortable } from "../core/mod.ts";
import { type Departments, workshopName } from "./departments.ts";
import type { End, Site } from "./site.ts";

/** What a move works with. */
export interface MoveOptions {
  readonly departments: Departments;
  readonly site: Site;
  /** The epoch behind which procurement and every workshop rest. */
  readonly committed: number;
  /** Aborts when a department dies. */
  readonly signal: AbortSignal;
}

/** Whether every workshop rests behind this epoch: one that has been replaced since doesn't. */
export async function allRest(
  committed: number,
  { departments, signal }: Pick<MoveOptions, "departments" | "signal">,
): Promise<boolean> {
  const answers = departments.workshops.map(({ calls }) => abortable(calls.restsBehind(), signal));
  return (await Promise.all(answers)).every((epoch) => epoch === committed);
}

/**
 * Moves slots and their workers while everybody rests, and lets them go on. What throws leaves the departments as
 * they are at that moment: the caller has to open them anew from the commit.
 *
 * @returns the workshops that were added, and those that were ended
 */
export async function moveSlots(
  workshops: number,
  { departments, site, committed, signal }: MoveOptions,
): Promise<{ added: string[]; ended: string[] }> {
  const { table: before, size: sizeBefore, procurement, transport } = departments;
  const table = departments.redealt(workshops);
  const added = range(sizeBefore, workshops);
  const ended = range(workshops, sizeBefore);
  const reachable = Math.max(workshops, sizeBefore);
  await abortable(departments.hire(added.map(workshopName)), signal);
  const lines = added.map(() => site.channel());
  const conveyors = added.map(() => site.channel());
  await abortable(transport.resize(reachable, conveyors.map(([, far]) => far)), signal);
  const opened = added.map((id, index) => {
    const ends = { line: lines[index][1], conveyor: conveyors[index][0] };
    return departments.openWorkshop(id, { slots: [], committed, resting: true, ...ends });
  });
  await abortable(Promise.all(opened), signal);
  const everybody = range(0, reachable).map((id) => departments.workshop(id));
  const moved = removals(before, table).flatMap(({ from, to, slots }) => {
    const [near, far]: [End, End] = site.channel();
    return [everybody[from].handOver(slots, near), everybody[to].takeOver(far)];
  });
  await abortable(Promise.all(moved), signal);
  await abortable(transport.resize(workshops, []), signal);
  const resumed = range(0, workshops).map((id) => {
    const slots = [...table.keys()].filter((slot) => table[slot] === id);
    return everybody[id].calls.resume(slots);
  });
  await abortable(Promise.all(resumed), signal);
  await abortable(procurement.deal(table, lines.map(([near]) => near)), signal);
  await departments.deal(table);
  await abortable(Promise.all(ended.map((id) => departments.retire(id))), signal);
  return { added: added.map(workshopName), ended: ended.map(workshopName) };
}

/** Lets everybody go on as before. */
export async function goOn({ table, workshops, procurement }: Departments): Promise<void> {
  await Promise.all(workshops.map(({ calls }, id) => {
    return calls.resume([...table.keys()].filter((slot) => table[slot] === id));
  }));
  await procurement.deal(table, []);
}

/** Which slots move from where to where. */
function removals(before: Uint16Array, after: Uint16Array): { from: number; to: number; slots: number[] }[] {
  const pairs = new Map<string, { from: number; to: number; slots: number[] }>();
  for (let slot = 0; slot < before.length; slot++) {
    const [from, to] = [before[slot], after[slot]];
    if (from === to) continue;
    const name = `${from} ${to}`;
    const pair = pairs.get(name) ?? { from, to, slots: [] };
    pairs.set(name, pair);
    pair.slots.push(slot);
  }
  return [...pairs.values()];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
