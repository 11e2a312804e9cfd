// @ts-check
/** One chart with its title and figures: those of the latest moment, or of the one under the pointer. */

/** @import { Moment } from "../../../operations/mod.ts" */

// @ts-ignore -- the package's file, which the factory serves beside this one
import uPlot from "./uplot.js";
import { columnsOf } from "./columns.js";
import { make, setText } from "./elements.js";
import { timeOfDay } from "./format.js";

/**
 * @typedef {object} ChartSpec
 * @property {string} title
 * @property {boolean} [wide]
 * @property {(value: number) => string} format
 * @property {(value: number) => string} axis shorter
 * @property {readonly number[]} [steps] between two lines of the grid; default: decimal ones
 * @property {(import("./columns.js").Series & { name: string, tone: string, area: boolean, spans?: boolean })[]} series `spans` draws over moments without a value
 */

const HEIGHT = 132;
const darkness = matchMedia("(prefers-color-scheme: dark)");

/** @param {string} name of a custom property */
const tone = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class Chart {
  /** @type {ChartSpec} */
  #spec;
  /** @type {any} of uPlot */
  #plot;
  /** @type {(number | null)[][]} times in seconds, then each series */
  #data = [[]];
  #figures = make("p", { className: "readings" });
  #when = make("p", { className: "quiet when" });
  #canvas = make("div", { className: "plot", role: "img" });
  #seconds = 300;
  /** The moment under the pointer. @type {number | null} */
  #index = null;

  /**
   * @param {HTMLElement} parent
   * @param {ChartSpec} spec
   */
  constructor(parent, spec) {
    this.#spec = spec;
    const head = make("div", { className: "chart-head" }, make("h3", {}, spec.title), this.#when);
    const article = make("article", { className: "chart card" }, head, this.#figures, this.#canvas);
    if (spec.wide) article.classList.add("wide");
    for (const { name, tone } of spec.series) {
      const key = make("span", { className: "key" });
      key.style.setProperty("--tone", "var(" + tone + ")");
      const quiet = make("span", { className: "quiet" }, name);
      this.#figures.append(make("span", { className: "reading" }, key, make("strong", {}, "–"), quiet));
    }
    parent.append(article);
    this.#plot = new uPlot(this.#options(), [[], ...spec.series.map(() => [])], this.#canvas);
    new ResizeObserver(() => this.#fit()).observe(this.#canvas);
    darkness.addEventListener("change", () => this.#plot.redraw(false, true));
  }

  /**
   * @param {readonly Moment[]} moments
   * @param {number} seconds how far back the chart goes
   */
  show(moments, seconds) {
    this.#seconds = seconds;
    this.#data = columnsOf(moments, this.#spec);
    this.#plot.setData(this.#data);
    this.#read();
    this.#canvas.ariaLabel = this.#described();
  }

  #fit() {
    const width = Math.floor(this.#canvas.clientWidth);
    if (width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT });
  }

  /** The figures of the moment under the pointer, or of the latest. */
  #read() {
    const [times, ...columns] = this.#data;
    const at = this.#index ?? times.length - 1;
    setText(this.#when, this.#index === null || times[at] == null ? "" : timeOfDay(times[at] * 1_000));
    columns.forEach((column, i) => {
      const value = this.#index === null ? column.findLast((candidate) => candidate !== null) : column[at];
      setText(this.#figures.children[i].children[1], value == null ? "–" : this.#spec.format(value));
    });
  }

  #described() {
    const { title, format, series } = this.#spec;
    const parts = this.#data.slice(1).map((column, i) => {
      const values = /** @type {number[]} */ (column.filter((value) => value !== null));
      if (values.length === 0) return series[i].name + ": nothing yet";
      const [least, most] = [Math.min(...values), Math.max(...values)];
      return series[i].name + ": " + format(least) + " to " + format(most) + ", now " +
        format(values[values.length - 1]);
    });
    return title + ", last " + (this.#seconds === 300 ? "5 minutes" : "hour") + ". " + parts.join("; ");
  }

  #options() {
    const { series, axis, steps } = this.#spec;
    const grid = { stroke: () => tone("--edge"), width: 1 };
    const common = {
      stroke: () => tone("--quiet"),
      font: "11px system-ui, sans-serif",
      grid,
      ticks: { show: false },
    };
    return {
      width: 320,
      height: HEIGHT,
      padding: [8, 4, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        sync: { key: "history" },
        points: { size: 7, width: 2 },
      },
      scales: {
        x: {
          time: true,
          range: (
            /** @type {any} */ _plot,
            /** @type {number} */ _least,
            /** @type {number} */ most,
          ) => [most - this.#seconds, most],
        },
        y: {
          range: (
            /** @type {any} */ _plot,
            /** @type {number} */ _least,
            /** @type {number} */ most,
          ) => [0, (most || 1) * 1.12],
        },
      },
      axes: [
        {
          ...common,
          size: 24,
          space: 64,
          values: (/** @type {any} */ _plot, /** @type {number[]} */ times) =>
            times.map((time) => timeOfDay(time * 1_000).slice(0, 5)),
          incrs: [60, 300, 600, 900, 1_800],
        },
        {
          ...common,
          size: 54,
          space: 34,
          ...steps === undefined ? {} : { incrs: steps },
          values: (/** @type {any} */ _plot, /** @type {number[]} */ values) =>
            values.map((value) => value === 0 ? "0" : axis(value)),
        },
      ],
      series: [
        {},
        ...series.map(({ name, tone: property, area, spans }) => ({
          label: name,
          stroke: () => tone(property),
          width: 1.75,
          points: { show: false },
          spanGaps: spans === true,
          ...area ? { fill: () => tone(property) + "22" } : {},
        })),
      ],
      hooks: {
        setCursor: [(/** @type {any} */ plot) => {
          this.#index = plot.cursor.idx ?? null;
          this.#read();
        }],
      },
    };
  }
}
