/**
 * Command line → words and options. `node:util` splits the arguments; what they may be, and every message, comes
 * from the table of options.
 *
 * @module
 */

import { parseArgs, type ParseArgsConfig } from "node:util";
import { nearest } from "./nearest.ts";
import { flagOf, keyOf, OPTION_KEYS, type OptionKey, OPTIONS } from "./options.ts";
import { UsageError } from "./usage_error.ts";

/** One option as it was given. */
export interface Given {
  readonly key: OptionKey;
  /** `--port`, or `SHOPFLOOR_PORT`: for messages. */
  readonly origin: string;
  readonly text: string;
}

/** Arguments, split. */
export interface ParsedArguments {
  /** What is no option: the command and its operands. */
  readonly words: readonly string[];
  /** In their order. */
  readonly given: readonly Given[];
}

/** An option as `node:util` splits it off; its own types say less than it does. */
interface OptionToken {
  readonly kind: "option";
  readonly name: string;
  readonly rawName: string;
  readonly value?: string;
  readonly inlineValue?: boolean;
}

type Token = OptionToken | { readonly kind: "positional"; readonly value: string } | {
  readonly kind: "option-terminator";
};

/**
 * Splits arguments.
 *
 * @throws {UsageError} for an unknown option, a missing value, or a value where there can be none
 */
export function parseArguments(args: readonly string[]): ParsedArguments {
  // Not strict: node's own messages run over several lines and don't suggest anything.
  const { tokens } = parseArgs({ args: [...args], options: NODE_OPTIONS, strict: false, tokens: true });
  const words: string[] = [];
  const given: Given[] = [];
  for (const token of tokens as readonly Token[]) {
    if (token.kind === "positional") words.push(token.value);
    else if (token.kind === "option") given.push(readToken(token));
  }
  return { words, given };
}

const NODE_OPTIONS: NonNullable<ParseArgsConfig["options"]> = Object.fromEntries(
  OPTION_KEYS.map((key) => {
    const { value, short } = OPTIONS[key];
    return [flagOf(key).slice(2), { type: value ? "string" : "boolean", ...(short && { short }) }];
  }),
);

function readToken(token: OptionToken): Given {
  const key = keyOf(token.name);
  if (key === undefined) throw new UsageError(unknownOption(token));
  const origin = token.rawName;
  if (OPTIONS[key].value === undefined) {
    if (token.value !== undefined) throw new UsageError(`option ${origin} takes no value`);
    return { key, origin, text: "true" };
  }
  if (token.value === undefined || isOption(token)) {
    throw new UsageError(`option ${origin} needs a value: ${origin} ${OPTIONS[key].value}`);
  }
  return { key, origin, text: token.value };
}

/** Whether what follows the option is the next option rather than its value. Negative numbers are values. */
function isOption({ value, inlineValue }: OptionToken): boolean {
  return !inlineValue && /^-[^\d]/.test(value ?? "");
}

function unknownOption({ rawName, name }: OptionToken): string {
  if (name === "token" || name === "read-token") {
    const variable = name === "token" ? "SHOPFLOOR_TOKEN" : "SHOPFLOOR_READ_TOKEN";
    return `option --${name}: the token is read from ${variable} alone, since any user can see arguments`;
  }
  const suggestion = rawName.startsWith("--") ? nearest(rawName, OPTION_KEYS.map(flagOf)) : undefined;
  return `unknown option ${rawName}${suggestion ? `: did you mean ${suggestion}?` : " (see --help)"}`;
}
