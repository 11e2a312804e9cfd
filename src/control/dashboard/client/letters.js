// @ts-check
/** Dead letters: looked at, replayed, purged. */

/** @import { DeadLetterPage, DeadLetterReport } from "../../../headquarters/mod.ts" */
/** @import { Inspection } from "../../../operations/mod.ts" */

import { ask } from "./api.js";
import { byId, keep, make, setText } from "./elements.js";
import { compact, count, dateAndTime, json, several } from "./format.js";
import { sure } from "./sure.js";

const PAGE = 50;
/** Letters that the page holds at most: the oldest, which come first. */
const MOST = 1_000;
const ITEM_UNITS = 10_000;

/** @type {DeadLetterReport[]} */
let letters = [];
let total = 0;
/** @type {string | null} */
let cursor = null;
/** Dead letters that the factory has counted when they were read last. */
let counted = -1;
let reading = false;

/** Wires the buttons. */
export function openLetters() {
  byId("replay-all").onclick = () => askToReplay();
  byId("purge-all").onclick = () => askToPurge();
  byId("more-letters").onclick = () => void read({ more: true });
}

/**
 * Reads them again when there are others.
 *
 * @param {Inspection} inspection
 */
export function knowLetters({ totals }) {
  if (totals.deadLetters === counted || reading) return;
  counted = totals.deadLetters;
  void read();
}

/** Reads them again: as many as are shown, or the next page too. */
export async function read({ more = false } = {}) {
  if (reading) return;
  reading = true;
  try {
    if (more) await readNext();
    else await readShown();
    show();
  } catch (error) {
    setText(byId("letters-count"), "They can't be read: " + (error instanceof Error ? error.message : ""));
  }
  reading = false;
}

async function readNext() {
  const page = await ask(
    "/v1/dead-letters?limit=" + PAGE + (cursor ? "&cursor=" + encodeURIComponent(cursor) : ""),
  );
  take(page, letters);
}

async function readShown() {
  const limit = Math.min(MOST, Math.max(PAGE, letters.length));
  take(await ask("/v1/dead-letters?limit=" + limit), []);
}

/**
 * @param {DeadLetterPage} page
 * @param {DeadLetterReport[]} before
 */
function take(page, before) {
  letters = before.concat(page.deadLetters);
  ({ total, cursor } = page);
}

function show() {
  setText(
    byId("letters-count"),
    total === 0 ? "None: nothing has been given up." : several(total, "letter") + ", the oldest first",
  );
  const badge = byId("letters-badge");
  badge.hidden = total === 0;
  setText(badge, compact(total));
  badge.ariaLabel = "(" + count(total) + ")";
  byId("replay-all").disabled = byId("purge-all").disabled = total === 0;
  byId("more-letters").hidden = cursor === null || letters.length >= MOST;
  keep(byId("letter-list"), letters, { key: ({ id }) => id, make: makeLetter, update: () => {} });
}

/** @param {DeadLetterReport} letter */
function makeLetter({ id, key, reason, error, stack, attempts, at, item }) {
  const summary = make(
    "summary",
    {},
    make("span", { className: "mono" }, key),
    make("span", { className: "tag" }, reason),
    make("span", { className: "said" }, error.split("\n")[0].slice(0, 300)),
    make("span", { className: "quiet" }, several(attempts, "attempt") + " · " + dateAndTime(at)),
  );
  const details = make("details", {}, summary);
  details.ontoggle = () => {
    if (details.children.length > 1) return; // filled when it is opened first: pages of items are long
    const replay = make("button", { type: "button", disabled: item === null }, "Replay…");
    replay.onclick = () => askToReplay(id);
    const purge = make("button", { type: "button", className: "grave" }, "Purge…");
    purge.onclick = () => askToPurge(id);
    details.append(
      make("h4", {}, item === null ? "Stands for no item" : "Item"),
      make("pre", { tabIndex: 0, ariaLabel: "Item" }, json(item, { units: ITEM_UNITS, indent: 2 })),
      make("h4", {}, "Error"),
      make("pre", { tabIndex: 0, ariaLabel: "Error" }, (stack ?? error).slice(0, ITEM_UNITS)),
      make("div", { className: "buttons" }, replay, purge),
    );
  };
  return make("li", {}, details);
}

/** @param {number} [id] default: all */
function askToReplay(id) {
  sure({
    title: id === undefined ? "Replay all dead letters?" : "Replay this letter?",
    text:
      "Their items go through the factory again, in the order of their arrival. Letters that stand for no item stay.",
    yes: "Replay",
    act: async () => {
      const { replayed } = await ask("/v1/dead-letters/replay", {
        method: "POST",
        body: id === undefined ? {} : { ids: [id] },
      });
      await read();
      return several(replayed, "letter") + " replayed.";
    },
  });
}

/** @param {number} [id] default: all */
function askToPurge(id) {
  sure({
    title: id === undefined ? "Purge all dead letters?" : "Purge this letter?",
    text: "They are forgotten, with their items. This can't be undone.",
    yes: "Purge",
    grave: true,
    act: async () => {
      const { purged } = await ask("/v1/dead-letters" + (id === undefined ? "" : "?ids=" + id), {
        method: "DELETE",
      });
      await read();
      return several(purged, "letter") + " purged.";
    },
  });
}
