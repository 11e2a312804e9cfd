// @ts-check
/** The last minutes or the last hour as charts. The factory keeps the past, the page asks for it. */

/** @import { Moment } from "../../../operations/mod.ts" */

import { ask } from "./api.js";
import { Chart } from "./chart.js";
import { pause } from "./connection.js";
import { byId } from "./elements.js";
import { bytes, compact, count, duration } from "./format.js";

/** Points for each range: more than a chart has pixels would be wasted. */
const POINTS = 300;
/** Between two questions: a point is a second or 12 seconds long. */
const REFRESH_MS = { 300: 2_000, 3600: 10_000 };

/** @type {Chart[]} */
const charts = [];
let seconds = 300;
/** Counts questions, so that an answer to an old one isn't drawn. */
let asked = 0;

/** Makes the charts and keeps them up to date. */
export async function keepHistory() {
  for (const spec of SPECS) charts.push(new Chart(byId("charts"), spec));
  for (const button of document.querySelectorAll("[data-seconds]")) {
    button.addEventListener("click", () => choose(/** @type {HTMLElement} */ (button)));
  }
  for (;;) {
    if (!document.hidden) await refreshHistory();
    await pause(seconds === 300 ? REFRESH_MS[300] : REFRESH_MS[3600]);
  }
}

/** Asks now. */
export async function refreshHistory() {
  const question = ++asked;
  try {
    const moments =
      /** @type {Moment[]} */ (await ask("/v1/inspections/history?points=" + POINTS + "&seconds=" + seconds));
    if (question === asked) { for (const chart of charts) chart.show(moments, seconds); }
  } catch {
    // the next one will do; whoever keeps the status says what is wrong
  }
}

/** @param {HTMLElement} chosen */
function choose(chosen) {
  seconds = Number(chosen.dataset.seconds);
  for (const button of document.querySelectorAll("[data-seconds]")) {
    button.setAttribute("aria-pressed", String(button === chosen));
  }
  void refreshHistory();
}

/** @type {import("./chart.js").ChartSpec[]} */
const SPECS = [
  {
    title: "Items per second",
    wide: true,
    format: count,
    axis: compact,
    series: [{ name: "processed", tone: "--ok", area: true, pick: (moment) => moment.itemsPerSecond }],
  },
  {
    title: "Latency, bought to shipped",
    format: duration,
    axis: duration,
    series: [
      {
        name: "p50",
        tone: "--ok",
        area: false,
        pick: ({ latencyMs }) => latencyMs.p99 > 0 ? latencyMs.p50 : null,
      },
      {
        name: "p99",
        tone: "--low",
        area: false,
        pick: ({ latencyMs }) => latencyMs.p99 > 0 ? latencyMs.p99 : null,
      },
    ],
  },
  {
    title: "Live workers",
    format: count,
    axis: compact,
    series: [{ name: "hired", tone: "--plum", area: true, pick: (moment) => moment.workers }],
  },
  {
    title: "Memory",
    format: bytes,
    axis: bytes,
    steps: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192].map((mib) => mib * 1_048_576),
    series: [{ name: "resident", tone: "--sea", area: true, pick: (moment) => moment.memoryBytes }],
  },
  {
    title: "Epoch time",
    format: duration,
    axis: duration,
    series: [{
      name: "first barrier to commit",
      tone: "--rust",
      area: false,
      spans: true,
      pick: (moment) => moment.epochMs,
    }],
  },
];
