/**
 * Comparisons as bar charts. SVG by hand: a few rectangles and texts need no library.
 *
 * @module
 */

import { KEYS, SHOPFLOOR } from "./contestants.ts";
import { labelOf, ranked, type Result, type Results, type Spread, spreadOf } from "./results.ts";

const WIDTH = 784;
const LABELS = 254;
const VALUES = 70;
const ROW = 26;
const BAR = 16;
const HEAD = 34;
const MARGIN = 12;

/** Colours for a light page, and below for a dark one, whichever the reader's system prefers. */
const STYLE = rules({
  text: "font: 13px system-ui, sans-serif; fill: #57606a",
  ".head": "font-weight: 600; fill: #24292f",
  ".ours": "fill: #0969da",
  ".go": "fill: #8250df",
  ".theirs": "fill: #8c959f",
  ".spread": "stroke: #24292f; stroke-width: 1.5",
});

const DARK_STYLE = rules({
  text: "fill: #9198a1",
  ".head": "fill: #e6edf3",
  ".ours": "fill: #4493f8",
  ".go": "fill: #ab7df8",
  ".theirs": "fill: #656c76",
  ".spread": "stroke: #e6edf3",
});

/** One bar. */
export interface Bar {
  readonly label: string;
  readonly of: "ours" | "go" | "theirs";
  /** Its median is how long it is. */
  readonly spread: Spread;
  /** The median as a reader wants it. */
  readonly value: string;
}

/** Bars under a heading. */
export interface BarGroup {
  readonly heading: string;
  readonly bars: readonly Bar[];
}

/** The fleet job's chart. */
export function chart(results: Results): string {
  const rows = ranked(results);
  const groups = KEYS.map((keys) => ({
    heading: `${keys.toLocaleString("en")} keys, million items a second`,
    bars: rows.filter((row) => row.keys === keys).map(barOf),
  }));
  return barChart("The fleet job: million items a second, by contestant", groups);
}

function barOf(result: Result): Bar {
  const spread = spreadOf(result.itemsPerSecond);
  return {
    label: labelOf(result),
    of: result.name === SHOPFLOOR ? "ours" : result.runtime === "go" ? "go" : "theirs",
    spread,
    value: (spread.median / 1e6).toFixed(2),
  };
}

/** Medians as bars, smallest and largest as lines on them; all groups have one scale. */
export function barChart(title: string, groups: readonly BarGroup[]): string {
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map(({ spread }) => spread.max)));
  const scale = (WIDTH - LABELS - VALUES - MARGIN) / most;
  const parts: string[] = [];
  let y = MARGIN;
  for (const { heading, bars } of groups) {
    if (bars.length === 0) continue;
    parts.push(text(heading, { x: MARGIN, y: y + 18, of: "head" }));
    y += HEAD;
    for (const each of bars) {
      parts.push(...drawn(each, { y, scale }));
      y += ROW;
    }
    y += MARGIN;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img">
  <title>${title}</title>
  <style>
  ${indented(STYLE, 2)}
  @media (prefers-color-scheme: dark) {
    ${indented(DARK_STYLE, 4)}
  }
  </style>
  ${parts.join("\n  ")}
</svg>
`;
}

function drawn({ label, of, spread, value }: Bar, { y, scale }: { y: number; scale: number }): string[] {
  const { median, min, max } = spread;
  const middle = y + BAR / 2;
  const at = (value: number) => (LABELS + value * scale).toFixed(1);
  return [
    text(label, {
      x: LABELS - 8,
      y: middle + 4.5,
      end: true,
      of: of === "ours" ? "head" : undefined,
    }),
    `<rect class="${of}" x="${LABELS}" y="${y}" width="${
      (median * scale).toFixed(1)
    }" height="${BAR}" rx="2" />`,
    `<path class="spread" d="M${at(min)} ${middle}H${at(max)}" />`,
    text(value, { x: Number(at(max)) + 6, y: middle + 4.5 }),
  ];
}

function text(
  words: string,
  { x, y, of, end = false }: { x: number; y: number; of?: string; end?: boolean },
): string {
  const attributes = `${of ? ` class="${of}"` : ""}${end ? ' text-anchor="end"' : ""}`;
  return `<text x="${x}" y="${y}"${attributes}>${words}</text>`;
}

/** CSS as the repository's formatter writes it. */
function rules(declarations: Readonly<Record<string, string>>): string {
  return Object.entries(declarations)
    .map(([selector, text]) => `${selector} {\n${text.split("; ").map((each) => `  ${each};\n`).join("")}}`)
    .join("\n");
}

function indented(text: string, spaces: number): string {
  return text.replaceAll("\n", `\n${" ".repeat(spaces)}`);
}
