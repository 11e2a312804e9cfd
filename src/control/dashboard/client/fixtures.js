// @ts-check
/** What stands on the floor: cards, belts, workshops, shelves and sinks, each with a function that sets its figures. */

/** @import { Inspection } from "../../../operations/mod.ts" */
/** @import { Box } from "./layout.js" */

import { draw, setAttributes } from "./elements.js";
import { compact, duration, percent, several } from "./format.js";

/** @typedef {{ box: Box, index: number }} Place */
/** @typedef {Place & { dense: boolean }} DensePlace */

/** Cells of a belt; more batches than this share cells. */
const CELLS = 16;

/**
 * A card with a title, and ways to put texts and bars on it.
 *
 * @param {SVGElement} parent
 * @param {{ box: Box, title?: string, className?: string }} what
 */
export function drawCard(parent, { box, title, className = "fixture" }) {
  const { x, y, width, height } = box;
  const group = draw("g", { class: className, transform: `translate(${x} ${y})` });
  group.append(draw("rect", { class: "body", width, height, rx: Math.min(12, height / 3) }));
  const flag = draw("g", { class: "flag", transform: "translate(14 -8)" });
  flag.append(draw("rect", { width: 78, height: 17, rx: 8.5 }), draw("text", { x: 39, y: 12 }, "bottleneck"));
  if (title !== undefined) group.append(draw("text", { class: "label", x: 14, y: 22 }, title));
  group.append(flag);
  parent.append(group);
  return {
    group,
    /** @param {{ x: number, y: number, className: string, width: number }} place */
    text: (place) => drawText(group, place),
    /** @param {{ x: number, y: number, width: number, height?: number }} place */
    bar: (place) => drawBar(group, place),
    /** @param {{ bottleneck: boolean, trouble: boolean }} marks */
    mark({ bottleneck, trouble }) {
      group.classList.toggle("bottleneck", bottleneck);
      group.classList.toggle("trouble", trouble);
    },
  };
}

/**
 * A text that is cut to its width; the whole of it is its tooltip.
 *
 * @param {SVGElement} parent
 * @param {{ x: number, y: number, className: string, width: number }} place
 * @returns {(text: string) => void}
 */
function drawText(parent, { x, y, className, width }) {
  const element = draw("text", { class: className, x, y });
  parent.append(element);
  let shown = "";
  return (text) => {
    if (text === shown) return;
    shown = text;
    element.textContent = text;
    // A layout of its own for a text that surely fits would be wasted.
    if (text.length * 4 > width && element.getComputedTextLength() > width) cut(element, { text, width });
  };
}

/**
 * @param {SVGTextElement} element
 * @param {{ text: string, width: number }} options
 */
function cut(element, { text, width }) {
  let units = Math.max(1, Math.floor((text.length * width) / element.getComputedTextLength()));
  do element.textContent = text.slice(0, units--) + "…"; while (
    units > 0 && element.getComputedTextLength() > width
  );
  element.append(draw("title", {}, text.slice(0, 500)));
}

/**
 * @param {SVGElement} parent
 * @param {{ x: number, y: number, width: number, height?: number }} place
 * @returns {(share: number, options?: { full?: number }) => void} from `full` on it warns
 */
function drawBar(parent, { x, y, width, height = 6 }) {
  const fill = draw("rect", { class: "fill", x, y, width: 0, height, rx: height / 2 });
  parent.append(draw("rect", { class: "trough", x, y, width, height, rx: height / 2 }), fill);
  return (share, { full = 2 } = {}) => {
    const part = Math.min(1, Math.max(0, share));
    fill.setAttribute("width", String(part === 0 ? 0 : Math.max(height, Math.round(part * width))));
    fill.classList.toggle("full", share >= full);
  };
}

/**
 * A line: a belt with a cell for each batch that it has room for.
 *
 * @param {SVGElement} parent
 * @param {DensePlace} place
 * @returns {(inspection: Inspection) => void}
 */
export function drawLine(parent, { box, index, dense }) {
  const group = draw("g", { class: "line", transform: `translate(${box.x} ${box.y})` });
  group.append(draw("rect", { class: "belt", width: box.width, height: box.height, rx: 9 }));
  const cells = draw("g");
  group.append(cells);
  parent.append(group);
  const above = dense ? () => {} : drawText(group, { x: 2, y: -7, className: "small", width: box.width });
  const below = dense
    ? () => {}
    : drawText(group, { x: 2, y: 33, className: "small", width: box.width + 14 });
  const narrow = box.width < 130;
  return ({ lines }) => {
    const line = lines[index];
    if (line === undefined) return;
    group.dataset.pressure = line.backPressure;
    above((narrow ? "" : "line " + line.workshop + " · ") + PRESSURE[line.backPressure]);
    below(
      line.batches + " of " + line.capacityBatches +
        (line.batches > 0 && !narrow ? " · " + duration(line.oldestMs) : ""),
    );
    fillCells(cells, { batches: line.batches, capacity: line.capacityBatches, box });
  };
}

const PRESSURE = { ok: "flowing", low: "filling", high: "backed up" };

/**
 * @param {SVGGElement} parent
 * @param {{ batches: number, capacity: number, box: Box }} load
 */
function fillCells(parent, { batches, capacity, box }) {
  const count = Math.max(1, Math.min(CELLS, capacity));
  const step = (box.width - 6) / count;
  while (parent.children.length > count) parent.lastElementChild?.remove();
  for (let i = parent.children.length; i < count; i++) {
    parent.append(draw("rect", { class: "cell", y: 4, rx: 3 }));
  }
  const full = Math.ceil((Math.min(batches, capacity) * count) / Math.max(1, capacity));
  [...parent.children].forEach((cell, i) => {
    setAttributes(cell, {
      x: (3 + i * step + 1).toFixed(1),
      width: Math.max(1, step - 2).toFixed(1),
      height: box.height - 8,
    });
    cell.classList.toggle("taken", i >= count - full); // they queue before the workshop
  });
}

/**
 * @param {SVGElement} parent
 * @param {DensePlace} place
 * @returns {(inspection: Inspection) => void}
 */
export function drawWorkshop(parent, { box, index, dense }) {
  return dense ? drawDenseWorkshop(parent, { box, index }) : drawRoomyWorkshop(parent, { box, index });
}

/**
 * @param {SVGElement} parent
 * @param {Place} place
 * @returns {(inspection: Inspection) => void}
 */
function drawRoomyWorkshop(parent, { box, index }) {
  const card = drawCard(parent, { box });
  const { width, height } = box;
  const wide = width > 200;
  const name = card.text({ x: 14, y: 25, className: "strong", width: width - 66 });
  const busy = card.text({ x: width - 14, y: 25, className: "strong end", width: 60 });
  const bar = card.bar({ x: 14, y: 36, width: width - 28 });
  const details = detailsOf(card, { width, height });
  return ({ workshops, bottleneck }) => {
    const workshop = workshops[index];
    if (workshop === undefined) return;
    const { id, state, restarts } = workshop;
    card.mark({ bottleneck: bottleneck === "workshop " + id, trouble: state !== "ok" });
    const restarted = restarts > 0 && wide ? " · " + several(restarts, "restart") : "";
    name("Workshop " + id + (state === "ok" ? restarted : " · " + state));
    busy(percent(workshop.busy));
    bar(workshop.busy, { full: 0.9 });
    const texts = [
      several(workshop.workers, "worker"),
      (wide ? "turn p99 " : "p99 ") + duration(workshop.turnMs.p99),
      compact(workshop.itemsPerSecond) + "/s",
    ];
    if (details.length === 1) details[0](texts.join(" · "));
    else details.forEach((show, i) => show(i === 0 ? texts[0] : texts[1] + " · " + texts[2]));
  };
}

/**
 * One of many: its number, how busy it is, and little more.
 *
 * @param {SVGElement} parent
 * @param {Place} place
 * @returns {(inspection: Inspection) => void}
 */
function drawDenseWorkshop(parent, { box, index }) {
  const card = drawCard(parent, { box, className: "fixture dense" });
  const { width } = box;
  const half = Math.round(width * 0.55);
  const name = card.text({ x: 10, y: 19, className: "strong", width: half - 18 });
  const bar = card.bar({ x: half, y: 11, width: Math.max(1, width - half - 58) });
  const busy = card.text({ x: width - 10, y: 19, className: "strong end", width: 60 });
  return ({ workshops, bottleneck }) => {
    const workshop = workshops[index];
    if (workshop === undefined) return;
    const { id, state, workers } = workshop;
    card.mark({ bottleneck: bottleneck === "workshop " + id, trouble: state !== "ok" });
    const amount = width > 200 ? several(workers, "worker") : compact(workers);
    name(id + " · " + (state === "ok" ? amount : state));
    busy(percent(workshop.busy));
    bar(workshop.busy, { full: 0.9 });
  };
}

/**
 * One line of text where there is room for it, else two.
 *
 * @param {ReturnType<typeof drawCard>} card
 * @param {{ width: number, height: number }} size
 */
function detailsOf(card, { width, height }) {
  const rows = height > 80 ? [60, 77] : [60];
  return rows.map((y) => card.text({ x: 14, y, className: "small", width: width - 26 }));
}

/**
 * Products of one type that wait.
 *
 * @param {SVGElement} parent
 * @param {Place} place
 * @returns {(inspection: Inspection) => void}
 */
export function drawShelf(parent, { box, index }) {
  const card = drawCard(parent, { box, className: "fixture inner" });
  const name = card.text({ x: 10, y: 18, className: "strong", width: box.width - 20 });
  const waiting = card.text({ x: 10, y: 34, className: "small", width: box.width - 20 });
  return ({ warehouse: { products } }) => {
    const product = products[index];
    if (product === undefined) return;
    name(product.type);
    waiting(
      product.waiting === 0
        ? "none waits"
        : compact(product.waiting) + " wait · " + duration(product.oldestMs),
    );
  };
}

/**
 * @param {SVGElement} parent
 * @param {Place} place
 * @returns {(inspection: Inspection) => void}
 */
export function drawSink(parent, { box, index }) {
  const card = drawCard(parent, { box, className: "fixture inner" });
  const lamp = draw("circle", { class: "lamp", cx: 15, cy: 14, r: 4 });
  card.group.append(lamp);
  const name = card.text({ x: 25, y: 18, className: "strong", width: box.width - 34 });
  const delivered = card.text({ x: 10, y: 34, className: "small", width: box.width - 20 });
  return ({ warehouse: { products }, bottleneck }) => {
    const product = products[index];
    if (product === undefined) return;
    const { sink, sinkState } = product;
    lamp.dataset.state = sinkState;
    card.mark({
      bottleneck: bottleneck === "sink " + sink || bottleneck === "sink " + product.type,
      trouble: sinkState === "retrying" || sinkState === "failed",
    });
    name(sink);
    delivered(
      sinkState === "ok"
        ? compact(product.delivered) + " delivered"
        : sinkState + " · " + compact(product.delivered),
    );
  };
}
