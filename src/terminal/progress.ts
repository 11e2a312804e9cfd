/**
 * The progress line: one line on a terminal, written anew with every inspection.
 *
 * It is blanked with spaces rather than with escape codes, so that there is nothing for NO_COLOR to switch off.
 *
 * @module
 */

import type { Factory } from "../headquarters/mod.ts";
import type { Inspection } from "../operations/mod.ts";
import { whole } from "./numbers.ts";
import type { StatusLine } from "./terminal.ts";

/** A line under way. */
export interface Progress {
  /** Removes the line; nothing is written afterwards. */
  stop(): void;
}

/** Shows how a factory gets on; does nothing when no person is looking. */
export function showProgress(
  factory: Pick<Factory, "inspections">,
  status: StatusLine | undefined,
): Progress {
  let stopped = status === undefined;
  let shown = 0;
  const show = (text: string) => {
    const line = text.slice(0, status!.columns - 1);
    status!.write(`\r${line.padEnd(shown)}`);
    shown = line.length;
  };
  const follow = async () => {
    for await (const report of factory.inspections()) {
      if (stopped) return;
      show(progressLine(report));
    }
  };
  // A factory that fails says so through `finished`; its last inspection is no second place to hear of it.
  if (!stopped) follow().catch(() => {});
  return {
    stop() {
      if (stopped) return;
      stopped = true;
      if (shown > 0) status!.write(`\r${" ".repeat(shown)}\r`);
    },
  };
}

/** `12,000 materials  6,000/s  12,003 products  50 workers  limited by source`. */
export function progressLine({ totals, itemsPerSecond, workers, bottleneck }: Inspection): string {
  return [
    `${whole(totals.materials)} materials`,
    `${whole(itemsPerSecond)}/s`,
    `${whole(totals.products)} products`,
    `${whole(workers)} workers`,
    totals.rejected > 0 ? `${whole(totals.rejected)} rejected` : "",
    totals.deadLetters > 0 ? `${whole(totals.deadLetters)} dead-lettered` : "",
    bottleneck ? `limited by ${bottleneck}` : "",
  ].filter((part) => part !== "").join("  ");
}
