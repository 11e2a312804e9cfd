// @ts-check
/** Products as they leave the workshops. Of more than anybody could read a sample is shown: reading slowly makes the factory skip events, never wait. */

/** @import { ProductEvent } from "../../../headquarters/mod.ts" */
/** @import { Inspection } from "../../../operations/mod.ts" */

import { open } from "./api.js";
import { pause } from "./connection.js";
import { byId, keep, make, setText } from "./elements.js";
import { events } from "./events.js";
import { json, several, timeOfDay } from "./format.js";

/** Rows that stand. */
const ROWS = 100;
/** New rows of one read, and the pause before the next: about as fast as an eye follows. */
const READ_ROWS = 8;
const READ_MS = 250;
const RETRY_MS = 1_000;
const PRODUCT_UNITS = 400;

/** @type {AbortController | undefined} */
let watching;

/** Wires the form. */
export function openTail() {
  byId("tail-form").onsubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (watching) stop();
    else void watch();
  };
  for (const id of ["tail-type", "tail-key"]) {
    byId(id).onchange = () => {
      if (!watching) return;
      stop();
      void watch();
    };
  }
}

/** @param {Inspection} inspection */
export function knowProducts({ warehouse }) {
  keep(byId("tail-type"), warehouse.products, {
    key: ({ type }) => type,
    make: ({ type }) => make("option", { value: type }, type),
    update: () => {},
  });
}

/**
 * Watches the products of one worker.
 *
 * @param {string} key
 */
export function watchKey(key) {
  byId("tail-key").value = key;
  stop();
  void watch();
  byId("tail").focus();
  byId("tail").scrollIntoView();
}

function stop() {
  watching?.abort();
  watching = undefined;
  setText(byId("tail-toggle"), "Watch");
  setText(byId("tail-count"), "Stopped");
}

async function watch() {
  const { signal } = watching = new AbortController();
  const [type, key] = [byId("tail-type").value, byId("tail-key").value];
  const path = "/v1/products/" + encodeURIComponent(type) +
    (key === "" ? "" : "?key=" + encodeURIComponent(key));
  byId("events").replaceChildren();
  setText(byId("tail-toggle"), "Stop");
  setText(byId("tail-count"), "Waiting for " + type);
  for (; !signal.aborted; await pause(RETRY_MS)) {
    try {
      await read(path, signal);
    } catch (error) {
      if (!signal.aborted) {
        setText(
          byId("tail-count"),
          "Interrupted, trying again: " + (error instanceof Error ? error.message : ""),
        );
      }
    }
  }
}

/**
 * @param {string} path
 * @param {AbortSignal} signal
 */
async function read(path, signal) {
  for await (const batch of events(await open(path, signal), { most: READ_ROWS })) {
    if (signal.aborted) return;
    show(/** @type {ProductEvent[]} */ (batch));
    await pause(READ_MS);
  }
}

/** @param {readonly ProductEvent[]} batch */
function show(batch) {
  const list = byId("events");
  const rows = batch.map(({ at, key, product }) =>
    make(
      "li",
      {},
      make("time", { className: "quiet" }, timeOfDay(at)),
      make("span", { className: "mono event-key" }, key),
      make("code", {}, json(product, { units: PRODUCT_UNITS })),
    )
  );
  list.prepend(...rows.reverse());
  while (list.children.length > ROWS) list.lastElementChild?.remove();
  setText(
    byId("tail-count"),
    "Watching: the latest " + several(list.children.length, "product") + ", a sample if there are many",
  );
}
