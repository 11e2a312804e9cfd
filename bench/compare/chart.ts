/**
 * The comparison as a bar chart. SVG by hand: a few rectangles and texts need no library.
 *
 * @module
 */

import { KEYS, SHOPFLOOR } from "./contestants.ts";
import { labelOf, ranked, type Result, type Results, spreadOf } from "./results.ts";

const WIDTH = 760;
const LABELS = 230;
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

/** Medians as bars, smallest and largest as lines on them. */
export function chart(results: Results): string {
  const rows = ranked(results);
  const most = Math.max(...rows.map(({ itemsPerSecond }) => Math.max(...itemsPerSecond)));
  const scale = (WIDTH - LABELS - VALUES - MARGIN) / most;
  const parts: string[] = [];
  let y = MARGIN;
  for (const keys of KEYS) {
    const group = rows.filter((row) => row.keys === keys);
    if (group.length === 0) continue;
    parts.push(
      text(`${keys.toLocaleString("en")} keys, million items a second`, { x: MARGIN, y: y + 18, of: "head" }),
    );
    y += HEAD;
    for (const row of group) {
      parts.push(...bar(row, { y, scale }));
      y += ROW;
    }
    y += MARGIN;
  }
  const title = "The fleet job: million items a second, by contestant";
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

function bar(result: Result, { y, scale }: { y: number; scale: number }): string[] {
  const { median, min, max } = spreadOf(result.itemsPerSecond);
  const of = result.name === SHOPFLOOR ? "ours" : result.runtime === "go" ? "go" : "theirs";
  const middle = y + BAR / 2;
  const at = (value: number) => (LABELS + value * scale).toFixed(1);
  return [
    text(labelOf(result), {
      x: LABELS - 8,
      y: middle + 4.5,
      end: true,
      of: of === "ours" ? "head" : undefined,
    }),
    `<rect class="${of}" x="${LABELS}" y="${y}" width="${
      (median * scale).toFixed(1)
    }" height="${BAR}" rx="2" />`,
    `<path class="spread" d="M${at(min)} ${middle}H${at(max)}" />`,
    text((median / 1e6).toFixed(2), { x: Number(at(max)) + 6, y: middle + 4.5 }),
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
