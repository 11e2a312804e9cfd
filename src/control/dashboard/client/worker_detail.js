// @ts-check
/** One worker: its contract, its work, its state; asked again as long as one looks at it. */

/** @import { WorkerReport } from "../../../headquarters/mod.ts" */

import { ask, Refusal } from "./api.js";
import { pause } from "./connection.js";
import { byId, make, setText } from "./elements.js";
import { count, dateAndTime, duration, json } from "./format.js";
import { sure } from "./sure.js";
import { watchKey } from "./tail.js";

const REFRESH_MS = 1_000;
const STATE_UNITS = 20_000;

/** The key that is looked at. @type {string | undefined} */
let looked;

/** @param {string} key */
export async function showWorker(key) {
  looked = key;
  const view = makeView(key);
  byId("worker").replaceChildren(view.element);
  while (looked === key) {
    if (!document.hidden) {
      try {
        const worker = /** @type {WorkerReport} */ (await ask("/v1/workers/" + encodeURIComponent(key)));
        if (looked === key) view.show(worker);
      } catch (error) {
        if (looked === key) view.fail(error);
      }
    }
    await pause(REFRESH_MS);
  }
}

const TERMS = ["Workshop", "Slot", "Hired", "Contract", "Processed", "On belt"];

/** @param {string} key */
function makeView(key) {
  const note = make("p", { className: "failure" });
  const values = TERMS.map(() => make("dd", {}, "–"));
  const terms = make(
    "dl",
    {},
    ...TERMS.flatMap((term, i) => [make("div", {}, make("dt", {}, term), values[i])]),
  );
  const state = make("pre", { tabIndex: 0, ariaLabel: "State" }, "…");
  const dismiss = make("button", { type: "button", className: "grave" }, "Dismiss…");
  dismiss.onclick = () => askToDismiss(key);
  const watch = make("button", { type: "button" }, "Watch its products");
  watch.onclick = () => watchKey(key);
  const element = make(
    "div",
    {},
    make("h3", { className: "key-name" }, key),
    note,
    terms,
    make("h4", {}, "State"),
    state,
  );
  element.append(make("div", { className: "buttons" }, watch, dismiss));
  return {
    element,
    /** @param {WorkerReport} worker */
    show(worker) {
      const { workshop, slot, hiredAt, renewedAt, lapsesAt, processed, belt } = worker;
      const texts = [
        count(workshop),
        count(slot),
        dateAndTime(hiredAt) + ", " + ago(hiredAt),
        "renewed " + ago(renewedAt) + ", lapses " +
        (lapsesAt > Date.now() ? "in " + duration(lapsesAt - Date.now()) : "now"),
        count(processed),
        count(belt),
      ];
      texts.forEach((text, i) => setText(values[i], text));
      setText(state, json(worker.state, { units: STATE_UNITS, indent: 2 }));
      setText(note, "");
      dismiss.disabled = false;
    },
    /** @param {unknown} error */
    fail(error) {
      const gone = error instanceof Refusal && error.status === 404;
      setText(
        note,
        gone ? "Not hired any more; an item for its key hires it anew." : "Can't be read at the moment.",
      );
      dismiss.disabled = true;
    },
  };
}

/** @param {number} at */
function ago(at) {
  return duration(Math.max(0, Date.now() - at)) + " ago";
}

/** @param {string} key */
function askToDismiss(key) {
  sure({
    title: "Dismiss this worker?",
    text: "The worker of " + JSON.stringify(key.slice(0, 100)) +
      " finishes its belt, says farewell and goes. The next item of its key hires it anew.",
    yes: "Dismiss",
    grave: true,
    act: async () => {
      await ask("/v1/workers/" + encodeURIComponent(key), { method: "DELETE" });
      return "Dismissed " + key.slice(0, 100) + ".";
    },
  });
}
