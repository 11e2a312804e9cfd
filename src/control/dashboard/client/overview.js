// @ts-check
/** The factory in words: its name and state, the bottleneck with advice, alarms, totals, and every figure of the floor in tables. */

/** @import { FactoryState, FactoryStatus } from "../../../headquarters/mod.ts" */
/** @import { Inspection } from "../../../operations/mod.ts" */

import { byId, keep, make, setCells, setText } from "./elements.js";
import { bytes, compact, count, duration, percent, several, timeOfDay } from "./format.js";

/** @param {FactoryStatus} status */
export function showStatus({ name, version, runtime, state, workshops, uptimeMs }) {
  document.title = name + " · Shopfloor";
  setText(byId("name"), name);
  setText(byId("about"), [runtime, several(workshops, "workshop"), "up " + duration(uptimeMs)].join(" · "));
  setText(byId("foot"), "Shopfloor " + version);
  showState(state);
}

/**
 * One word beside its dot.
 *
 * @param {FactoryState | "away"} state
 */
export function showState(state) {
  byId("state").dataset.state = state;
  setText(byId("state"), state);
}

/** @param {Inspection} inspection */
export function showOverview(inspection) {
  showAdvice(inspection);
  showAlarms(inspection);
  showTotals(inspection);
  showWorkshops(inspection);
  showProducts(inspection);
}

/** @param {Inspection} inspection */
function showAdvice({ bottleneck, advice, itemsPerSecond, latencyMs }) {
  byId("advice").dataset.level = bottleneck === null ? "none" : "some";
  setText(byId("bottleneck"), bottleneck === null ? "No bottleneck" : "Bottleneck: " + bottleneck);
  setText(byId("advice-text"), sentence(advice));
  setText(byId("pulse"), compact(itemsPerSecond) + " items/s · p99 " + duration(latencyMs.p99));
}

/** @param {string} text */
function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

/** @param {Inspection} inspection */
function showAlarms({ alarms = [] }) {
  const list = byId("alarms");
  list.hidden = alarms.length === 0;
  keep(list, alarms, {
    key: ({ kind, subject }) => kind + " " + subject,
    make: () => make("li", {}, make("strong"), make("span"), make("span", { className: "quiet" })),
    update(item, { subject, message, since }) {
      setText(item.children[0], subject);
      setText(item.children[1], sentence(message));
      setText(item.children[2], "since " + timeOfDay(since));
    },
  });
}

/** @param {Inspection} inspection */
function showTotals({ totals, epoch }) {
  setText(
    byId("totals"),
    [
      count(totals.materials) + " bought",
      count(totals.products) + " shipped",
      count(totals.rejected) + " rejected",
      count(totals.retries) + " retries",
      "epoch " + count(epoch.committed),
    ].join(" · "),
  );
}

/** @param {Inspection} inspection */
function showWorkshops({ workshops, lines }) {
  keep(byId("workshop-rows"), workshops, {
    key: ({ id }) => id,
    make: () => make("tr"),
    update(row, { id, turnMs, hotKey, ...workshop }) {
      const line = lines.find((candidate) => candidate.workshop === id);
      setCells(row, [
        id,
        workshop.state,
        percent(workshop.busy),
        count(workshop.itemsPerSecond),
        count(workshop.workers),
        duration(turnMs.p50),
        duration(turnMs.p99),
        count(workshop.belted),
        count(workshop.inFlight),
        count(workshop.slots),
        bytes(workshop.heapBytes),
        count(workshop.restarts),
        hotKey ? hotKey.key.slice(0, 40) + " " + percent(hotKey.share) : "–",
        line ? line.backPressure : "–",
        line ? line.batches + " of " + line.capacityBatches : "–",
        line ? count(line.items) : "–",
        line ? bytes(line.bytes) : "–",
        line ? duration(line.oldestMs) : "–",
      ]);
    },
  });
}

/**
 * How long a sink has failed, and how often.
 *
 * @param {Inspection["warehouse"]["products"][number]} product
 * @param {number} at
 */
function trouble({ sinkTrouble }, at) {
  if (!sinkTrouble || sinkTrouble.since === null) return "";
  const { attempts, since } = sinkTrouble;
  return " (" + several(attempts, "attempt") + " in " + duration(Math.max(0, at - since)) + ")";
}

/** @param {Inspection} inspection */
function showProducts({ warehouse, at }) {
  keep(byId("product-rows"), warehouse.products, {
    key: ({ type }) => type,
    make: () => make("tr"),
    update(row, product) {
      const { lastDeliveryAt } = product;
      setCells(row, [
        product.type,
        count(product.waiting),
        bytes(product.waitingBytes),
        product.waiting === 0 ? "–" : duration(product.oldestMs),
        count(product.delivered),
        lastDeliveryAt === null ? "never" : duration(Math.max(0, at - lastDeliveryAt)) + " ago",
        product.sink,
        product.sinkState,
        count(product.deliveryErrors),
        (product.sinkError ?? "–") + trouble(product, at),
      ]);
    },
  });
}
