// @ts-check
/** The roster: searched by the factory, loaded page by page as one scrolls. */

/** @import { RosterPage, WorkerReport } from "../../../headquarters/mod.ts" */
/** @import { Inspection } from "../../../operations/mod.ts" */

import { ask } from "./api.js";
import { byId, keep, make, setText } from "./elements.js";
import { compact, count, several, timeOfDay } from "./format.js";
import { VirtualList } from "./virtual_list.js";
import { showWorker } from "./worker_detail.js";

/** Workers in one question: the first screen comes fast, long scrolls take few questions. */
const FIRST_PAGE = 100;
const PAGE = 1_000;
/** Workers that the page holds at most; whoever looks for more had better search. */
const MOST = 100_000;
/** A search that finds nothing in so many pages of a huge roster waits to be asked on. */
const EMPTY_PAGES = 50;
const TYPING_MS = 250;

/** @type {VirtualList<WorkerReport>} */
let list;
/** @type {WorkerReport[]} */
let workers = [];
/** @type {string | null} where to go on; null at the end */
let cursor = null;
/** The questions of one search. */
let search = new AbortController();
let loading = false;
let live = 0;
/** When the latest page was read. */
let readAt = 0;

/** Makes the list and looks for the first time. */
export function openRoster() {
  list = new VirtualList(byId("workers"), {
    key: (worker) => worker.key,
    make: makeRow,
    update: showRow,
    onChoose: (worker) => showWorker(worker.key),
    onNearEnd: () => void load(),
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  byId("prefix").oninput = () => {
    clearTimeout(typing);
    typing = setTimeout(lookAgain, TYPING_MS);
  };
  byId("roster-workshop").onchange = lookAgain;
  byId("roster-form").onsubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    lookAgain();
  };
  lookAgain();
}

/** @param {Inspection} inspection */
export function knowRoster(inspection) {
  live = inspection.workers;
  const select = byId("roster-workshop");
  keep(select, ["", ...inspection.workshops.map(({ id }) => String(id))], {
    key: (id) => id,
    make: (id) => make("option", { value: id }, id === "" ? "all" : id),
    update: () => {},
  });
  showCount();
}

/** Begins anew: with what is asked for now, and workers as they are now. */
export function lookAgain() {
  search.abort();
  search = new AbortController();
  workers = [];
  cursor = "";
  loading = false;
  list.reset();
  void load();
}

async function load() {
  if (loading || cursor === null || workers.length >= MOST) return;
  loading = true;
  const { signal } = search;
  showCount();
  try {
    const found = await nextPage(signal);
    if (signal.aborted) return;
    workers = workers.length === 0 ? found : workers.concat(found);
    readAt = Date.now();
    list.show(workers, cursor === null ? workers.length : undefined);
    loading = false;
    showCount();
  } catch (error) {
    if (signal.aborted) return;
    cursor = null;
    loading = false;
    setText(
      byId("roster-count"),
      "The roster can't be read: " + (error instanceof Error ? error.message : ""),
    );
  }
}

/**
 * The next workers. Pages of a search may be empty though others follow.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<WorkerReport[]>}
 */
async function nextPage(signal) {
  for (let pages = 0; pages < EMPTY_PAGES; pages++) {
    const page = /** @type {RosterPage} */ (await ask("/v1/workers?" + parameters(), { signal }));
    if (signal.aborted) return [];
    cursor = page.cursor;
    if (page.workers.length > 0 || cursor === null) return page.workers;
  }
  return [];
}

function parameters() {
  const query = new URLSearchParams({ limit: String(workers.length === 0 ? FIRST_PAGE : PAGE) });
  const [prefix, workshop] = [byId("prefix").value, byId("roster-workshop").value];
  if (prefix !== "") query.set("prefix", prefix);
  if (workshop !== "") query.set("workshop", workshop);
  if (cursor) query.set("cursor", cursor);
  return query;
}

function showCount() {
  const searching = byId("prefix").value !== "" || byId("roster-workshop").value !== "";
  const shown = several(workers.length, "worker") + " found" + (cursor === null ? "" : " so far");
  const text = searching
    ? shown
    : several(Math.max(live, workers.length), "live worker") + ", " + count(workers.length) + " loaded";
  setText(byId("roster-count"), text + (loading ? "…" : ", as of " + timeOfDay(readAt)));
}

/** What a screen reader says before each figure: headings of columns are far away. */
const COLUMNS = ["", "workshop ", "processed ", "on belt ", "renewed "];

function makeRow() {
  const cells = COLUMNS.map((heading) =>
    make("span", {}, make("span", { className: "unseen" }, heading), make("span"))
  );
  return make("div", { className: "row" }, ...cells);
}

/**
 * @param {HTMLElement} row
 * @param {WorkerReport} worker
 */
function showRow(row, { key, workshop, processed, belt, renewedAt }) {
  const texts = [key, String(workshop), compact(processed), compact(belt), timeOfDay(renewedAt)];
  texts.forEach((text, i) => setText(row.children[i].children[1], text));
}
