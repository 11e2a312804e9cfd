/** `view.js`: puts figures into the document. Everything from outside goes in as text, never as markup. */
export const VIEW_SCRIPT: string = String.raw`
import { bytes, count, duration, percent } from "./format.js";

const $ = (id) => document.getElementById(id);
const HISTORY = 60; // a minute
const history = [];

/** The factory's status: name, state, what the buttons may do. */
export function showFactory(factory) {
  document.title = factory.name + " · Shopfloor";
  setText($("name"), factory.name);
  const about = [factory.runtime, count(factory.workshops) + (factory.workshops === 1 ? " workshop" : " workshops")];
  setText($("about"), [...about, "up " + duration(factory.uptimeMs)].join(" · "));
  showState(factory.state);
}

/** One word beside its dot. */
export function showState(state) {
  $("state").dataset.state = state;
  setText($("state"), state);
  $("pause").disabled = state !== "open";
  $("resume").disabled = state !== "paused";
}

/** What went wrong, or nothing. */
export function showTrouble(text) {
  $("trouble").hidden = text === undefined;
  setText($("trouble"), text ?? "");
}

/** A report of the operator. */
export function showInspection(report) {
  showFigures(report);
  showHistory(report.itemsPerSecond);
  showAdvice(report);
  showLines(report);
  showWorkshops(report.workshops);
  showWarehouse(report);
  const { totals } = report;
  setText($("totals"), [
    count(totals.materials) + " items bought",
    count(totals.products) + " products shipped",
    count(totals.rejected) + " rejected",
    count(totals.retries) + " retries",
    count(totals.deadLetters) + " dead letters",
    count(totals.hired) + " workers hired, " + count(totals.dismissed) + " dismissed",
  ].join(" · "));
}

function showFigures(report) {
  setText($("items"), count(report.itemsPerSecond));
  setText($("products"), count(report.productsPerSecond));
  setText($("latency"), duration(report.latencyMs.p50) + " / " + duration(report.latencyMs.p99));
  setText($("workers"), count(report.workers));
  setText($("memory"), bytes(report.memoryBytes));
  setText($("epoch"), count(report.epoch.committed));
}

function showHistory(itemsPerSecond) {
  history.push(itemsPerSecond);
  if (history.length > HISTORY) history.shift();
  const least = Math.min(...history);
  const most = Math.max(...history);
  const step = 900 / (HISTORY - 1);
  const left = 900 - (history.length - 1) * step;
  const points = history.map((value, i) => (left + i * step).toFixed(1) + " " + (99 - (value / (most || 1)) * 96).toFixed(1));
  const curve = "M" + points.join("L");
  $("history").querySelector(".curve").setAttribute("d", curve);
  $("history").querySelector(".area").setAttribute("d", curve + "L900 100L" + left.toFixed(1) + " 100Z");
  const range = count(least) + " to " + count(most);
  setText($("range"), range);
  $("history").setAttribute("aria-label", "Items per second over the last " + history.length + " reports: " + range);
}

function showAdvice({ bottleneck, advice }) {
  setText($("bottleneck"), bottleneck === null ? "No bottleneck" : "Bottleneck: " + bottleneck);
  setText($("advice"), advice);
  document.querySelector(".advice").dataset.level = bottleneck === null ? "none" : "some";
}

function showLines({ lines, procurement }) {
  const pace = procurement.ratePerSecond === null ? "" : ", paced to " + count(procurement.ratePerSecond) + " items/s";
  setText($("source"), "Batches on their way to each workshop. Source: " + procurement.source + " (" + procurement.state + pace + ").");
  rows($("lines"), lines, {
    key: (line) => line.workshop,
    make: () => {
      const row = element("li", {});
      row.append(element("span", { className: "name" }), trough(), element("span", { className: "verdict" }));
      row.append(element("span", { className: "details quiet" }));
      return row;
    },
    update(row, line) {
      const [name, bar, verdict, details] = row.children;
      row.dataset.pressure = line.backPressure;
      setText(name, "Line " + line.workshop);
      const batches = count(line.batches) + " of " + count(line.capacityBatches) + " batches";
      fill(bar, { value: line.batches, max: line.capacityBatches, text: batches, label: "Line " + line.workshop });
      bar.classList.toggle("marked", line.capacityBatches <= 32);
      bar.style.setProperty("--parts", line.capacityBatches);
      setText(verdict, PRESSURE[line.backPressure] ?? line.backPressure);
      setText(details, [
        batches,
        count(line.items) + " items",
        bytes(line.bytes),
        "oldest " + duration(line.oldestMs),
        count(line.itemsPerSecond) + " items/s",
      ].join(" · "));
    },
  });
}

const PRESSURE = { ok: "flowing", low: "filling", high: "backed up" };

function showWorkshops(workshops) {
  rows($("workshops"), workshops, {
    key: (workshop) => workshop.id,
    make: () => tableRow(7, { meter: 0 }),
    update(row, workshop) {
      const [name, busy, rate, workers, p50, p99, belts, restarts] = row.children;
      setText(name, workshop.id + (workshop.state === "ok" ? "" : " · " + workshop.state));
      name.className = "mark";
      name.dataset.ok = workshop.state === "ok";
      const share = percent(workshop.busy);
      fill(busy.firstChild.firstChild, { value: workshop.busy, max: 1, text: share, label: "Workshop " + workshop.id + " busy" });
      setText(busy.firstChild.lastChild, share);
      setText(rate, count(workshop.itemsPerSecond));
      setText(workers, count(workshop.workers));
      setText(p50, duration(workshop.turnMs.p50));
      setText(p99, duration(workshop.turnMs.p99));
      setText(belts, count(workshop.belted));
      setText(restarts, count(workshop.restarts));
    },
  });
}

function showWarehouse({ warehouse, at }) {
  const { items, bytes: held, capacityBytes } = warehouse;
  setText($("stock"), count(items) + " products waiting for delivery, " + bytes(held) + " of " + bytes(capacityBytes) + ".");
  rows($("warehouse"), warehouse.products, {
    key: (product) => product.type,
    make: () => tableRow(5, { meter: 0 }),
    update(row, product) {
      const [name, waiting, oldest, delivered, last, sink] = row.children;
      setText(name, product.type);
      const amount = count(product.waiting);
      fill(waiting.firstChild.firstChild, {
        value: product.waitingBytes,
        max: capacityBytes,
        text: amount + " waiting, " + bytes(product.waitingBytes),
        label: product.type,
      });
      setText(waiting.firstChild.lastChild, amount);
      setText(oldest, product.waiting === 0 ? "–" : duration(product.oldestMs));
      setText(delivered, count(product.delivered));
      setText(last, product.lastDeliveryAt === null ? "never" : duration(Math.max(0, at - product.lastDeliveryAt)) + " ago");
      setText(sink, product.sink + " · " + product.sinkState + (product.deliveryErrors ? ", " + count(product.deliveryErrors) + " errors" : ""));
      sink.className = "mark";
      sink.dataset.ok = product.sinkState !== "failed" && product.sinkState !== "retrying";
      sink.title = product.sinkError ?? "";
    },
  });
}

/** Keeps one child for each item, so that focus, selection and transitions survive. */
function rows(parent, items, { key, make, update }) {
  const old = new Map([...parent.children].map((row) => [row.dataset.key, row]));
  items.forEach((item, i) => {
    const name = String(key(item));
    const row = old.get(name) ?? make();
    old.delete(name);
    row.dataset.key = name;
    if (parent.children[i] !== row) parent.insertBefore(row, parent.children[i] ?? null);
    update(row, item);
  });
  for (const row of old.values()) row.remove();
}

function tableRow(cells, { meter }) {
  const row = element("tr", {});
  row.append(element("th", { scope: "row" }));
  for (let i = 0; i < cells; i++) row.append(element("td", {}));
  const holder = element("div", { className: "meter" });
  holder.append(trough(), element("span", {}));
  row.children[meter + 1].append(holder);
  return row;
}

function trough() {
  const bar = element("div", { className: "trough", role: "meter" });
  bar.append(element("i", {}));
  return bar;
}

function fill(bar, { value, max, text, label }) {
  bar.firstChild.style.setProperty("--fill", max > 0 ? Math.min(1, value / max) : 0);
  bar.setAttribute("aria-label", label);
  bar.setAttribute("aria-valuemin", 0);
  bar.setAttribute("aria-valuemax", max);
  bar.setAttribute("aria-valuenow", value);
  bar.setAttribute("aria-valuetext", text);
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

/** Only what changed, so that a screen reader isn't told the same every second. */
function setText(node, text) {
  if (node.textContent !== String(text)) node.textContent = text;
}
`;
