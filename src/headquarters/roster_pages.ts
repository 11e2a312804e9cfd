/**
 * The roster of the whole factory, page by page: one workshop after the other.
 *
 * @module
 */

import { type Departments, workshopName } from "./departments.ts";
import type { RosterPage, RosterQuery, WorkerReport } from "./factory.ts";
import type { Patience } from "./patience.ts";

/** One page. The cursor says in which workshop, and where on its roster, the next begins. */
export async function pageOfWorkers(
  { workshop, prefix, limit = 100, cursor }: RosterQuery,
  { departments: { workshops }, patience }: { departments: Departments; patience: Patience },
): Promise<RosterPage> {
  const workers: WorkerReport[] = [];
  let [id, from] = cursor ? cursor.split(":").map(Number) : [workshop ?? 0, 0];
  const last = workshop ?? workshops.length - 1;
  while (id <= last && id < workshops.length) {
    const page = await patience.quick(
      workshopName(id),
      workshops[id].calls.workers({ prefix, limit: limit - workers.length, from }),
    );
    workers.push(...page.workers);
    [id, from] = page.next === null ? [id + 1, 0] : [id, page.next];
    // A search that finds little still ends: the cursor says where it stopped.
    if (workers.length >= limit || page.next !== null) break;
  }
  return { workers, cursor: id <= last && id < workshops.length ? `${id}:${from}` : null };
}
