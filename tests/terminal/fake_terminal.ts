import type { Terminal } from "../../src/terminal/mod.ts";

/** A terminal that remembers what was written to it. */
export interface FakeTerminal extends Terminal {
  readonly printed: string[];
  readonly complained: string[];
}

/** Makes one. */
export function fakeTerminal(
  args: readonly string[],
  environment: Record<string, string> = {},
): FakeTerminal {
  const printed: string[] = [];
  const complained: string[] = [];
  return {
    args,
    environment,
    workingDirectory: ".",
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
    flush: () => Promise.resolve(),
    colour: { output: false, errors: false },
    screen: undefined,
    status: undefined,
    printed,
    complained,
  };
}
