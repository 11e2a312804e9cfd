import type { Findings } from "./inspect_blueprint.ts";
import type { Terminal } from "./terminal.ts";

/** Where a command says what it has to say: standard output, unless that belongs to the products. */
export function ownOutput({ products }: Findings, terminal: Terminal): (text: string) => void {
  return products.some(({ standardOutput }) => standardOutput) ? terminal.complain : terminal.print;
}
