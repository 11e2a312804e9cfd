// @ts-check
/** The factory floor as a picture that lives. Its text for those who can't see it is its label; every figure of it stands in the tables below it. */

/** @import { Inspection } from "../../../operations/mod.ts" */
/** @import { Layout } from "./layout.js" */

import { byId, draw, setAttributes } from "./elements.js";
import { drawCard, drawLine, drawShelf, drawSink, drawWorkshop } from "./fixtures.js";
import { setSpeed } from "./flow.js";
import { bytes, compact, count, percent, several } from "./format.js";
import { layOut } from "./layout.js";

/** @typedef {(inspection: Inspection) => void} Update */

const picture = byId("picture");
/** What the picture was drawn for. */
let plan = "";
/** @type {Update[]} */
let updates = [];
/** @type {Inspection | undefined} */
let latest;

/** Draws it anew when its place becomes wider or narrower. */
export function watchWidth() {
  new ResizeObserver(() => latest && showFloor(latest)).observe(picture.parentElement);
}

/** @param {Inspection} inspection */
export function showFloor(inspection) {
  latest = inspection;
  const { paddingLeft, paddingRight } = getComputedStyle(picture.parentElement);
  const width = Math.floor(
    picture.parentElement.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight),
  );
  const { workshops, warehouse } = inspection;
  const products = warehouse.products.map(({ type }) => type);
  const wanted = JSON.stringify([width, workshops.map(({ id }) => id), products]);
  if (width > 0 && wanted !== plan) {
    plan = wanted;
    updates = build(layOut(width, { workshops: workshops.length, products: products.length }));
  }
  for (const update of updates) update(inspection);
  picture.setAttribute("aria-label", described(inspection));
}

/**
 * @param {Layout} layout
 * @returns {Update[]}
 */
function build(layout) {
  setAttributes(picture, {
    viewBox: `0 0 ${layout.width} ${layout.height}`,
    width: layout.width,
    height: layout.height,
  });
  picture.replaceChildren();
  return [
    ...layout.feeds.map((path, i) => pipe(path, ({ lines }) => lines[i]?.itemsPerSecond ?? 0, layout)),
    ...layout.conveyors.map((path, i) => pipe(path, (inspection) => shippedBy(inspection, i), layout)),
    procurement(layout),
    ...layout.tracks.map((box, i) => drawLine(picture, { box, dense: layout.dense, index: i })),
    ...layout.workshops.map((box, i) => drawWorkshop(picture, { box, dense: layout.dense, index: i })),
    warehouse(layout),
    ...layout.deliveries.map((path) => pipe(path, ({ transport }) => transport.busy * 50_000)),
    ...layout.shelves.map((box, i) => drawShelf(picture, { box, index: i })),
    ...layout.sinks.map((box, i) => drawSink(picture, { box, index: i })),
  ];
}

/**
 * A way that goods take, moving as fast as they come.
 *
 * @param {string} path
 * @param {(inspection: Inspection) => number} perSecond
 * @param {{ dense?: boolean }} [options] among many others, which all moving would be a storm
 * @returns {Update}
 */
function pipe(path, perSecond, { dense = false } = {}) {
  const flow = draw("path", { class: "flow", d: path });
  picture.append(draw("path", { class: "pipe", d: path }));
  if (dense) return () => {};
  picture.append(flow);
  return (inspection) => setSpeed(flow, perSecond(inspection));
}

/**
 * @param {Layout} layout
 * @returns {Update}
 */
function procurement({ procurement: box, wide }) {
  const card = drawCard(picture, { box, title: "Procurement" });
  const across = wide ? 0 : Math.round(box.width * 0.5);
  const name = card.text({
    x: 14,
    y: wide ? 48 : 46,
    className: "strong",
    width: (across || box.width) - 28,
  });
  const state = card.text({
    x: 14,
    y: wide ? 67 : 65,
    className: "small",
    width: (across || box.width) - 28,
  });
  const rate = card.text({
    x: 14 + across,
    y: wide ? 106 : 50,
    className: "figure",
    width: box.width - across - 28,
  });
  const waits = card.text({
    x: 14 + across,
    y: wide ? 124 : 68,
    className: "small",
    width: box.width - across - 28,
  });
  const busy = card.bar({ x: 14, y: box.height - 20, width: box.width - 28 });
  return ({ procurement: report, boughtPerSecond, bottleneck }) => {
    const { source, ratePerSecond, pushWaiting } = report;
    card.mark({
      bottleneck: bottleneck === "procurement" || bottleneck === "source",
      trouble: report.state === "failed" || report.state === "silent",
    });
    name(source || "–");
    state(report.state + (ratePerSecond === null ? "" : ", paced to " + compact(ratePerSecond) + "/s"));
    rate(compact(boughtPerSecond) + "/s");
    waits(
      pushWaiting > 0 ? compact(pushWaiting) + " pushed wait" : "bought, " + percent(report.busy) + " busy",
    );
    busy(report.busy, { full: 0.9 });
  };
}

/**
 * @param {Layout} layout
 * @returns {Update}
 */
function warehouse({ warehouse: box, sinks }) {
  const card = drawCard(picture, { box, title: "Warehouse" });
  const stock = card.text({ x: 14, y: 46, className: "small", width: box.width - 28 });
  const fill = card.bar({ x: 14, y: 56, width: box.width - 28 });
  const rate = card.text({ x: box.width - 14, y: 22, className: "small end", width: box.width * 0.6 });
  if (sinks.length > 0) {
    card.text({ x: 14, y: 82, className: "label", width: 100 })("Products");
    card.text({ x: sinks[0].x - box.x, y: 82, className: "label", width: 100 })("Sinks");
  }
  return ({ warehouse: report, transport, bottleneck, productsPerSecond }) => {
    const share = report.capacityBytes > 0 ? report.bytes / report.capacityBytes : 0;
    card.mark({ bottleneck: bottleneck === "transport", trouble: share > 0.98 });
    rate(compact(productsPerSecond) + "/s in, drives " + percent(transport.busy));
    stock(
      several(report.items, "product") + ", " + bytes(report.bytes) + " of " + bytes(report.capacityBytes),
    );
    fill(share, { full: 0.8 });
  };
}

/**
 * Products per second of one workshop, as far as one can tell: reports have them for all workshops together.
 *
 * @param {Inspection} inspection
 * @param {number} index
 */
function shippedBy({ workshops, itemsPerSecond, productsPerSecond }, index) {
  const own = workshops[index]?.itemsPerSecond ?? 0;
  return itemsPerSecond > 0 ? (productsPerSecond * own) / itemsPerSecond : 0;
}

/** @param {Inspection} inspection */
function described({ procurement, boughtPerSecond, lines, workshops, warehouse }) {
  return [
    "The factory floor.",
    procurement.source + " is " + procurement.state + ", " + count(boughtPerSecond) +
    " items per second bought.",
    ...workshops.map(({ id, state, busy, workers }, i) =>
      "Workshop " + id + (state === "ok" ? "" : " is " + state) + ": busy " + percent(busy) + ", " +
      several(workers, "worker") + ", line " + (lines[i]?.batches ?? 0) + " of " +
      (lines[i]?.capacityBatches ?? 0) + "."
    ),
    ...warehouse.products.map(({ type, waiting, sink, sinkState }) =>
      type + ": " + count(waiting) + " waiting, sink " + sink + " " + sinkState + "."
    ),
  ].join(" ");
}
