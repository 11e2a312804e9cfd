/**
 * Says what is wrong with a text that `JSON.parse` refuses: what was found, where, and what was wanted. The
 * runtimes' own messages differ, and Bun's name no position.
 *
 * @module
 */

/** What may come next, in words. */
const WANTED = {
  value: "a value",
  valueOrEnd: `a value or "]"`,
  name: "a name in double quotes",
  nameOrEnd: `a name in double quotes or "}"`,
  colon: `":"`,
  nextName: `"," or "}"`,
  nextValue: `"," or "]"`,
  end: "the end of the line",
} as const;

type Wanted = keyof typeof WANTED;

/** A piece of JSON: a punctuation mark, or `"` for a string, or `0` for a number, `true`, `false` or `null`. */
interface Token {
  readonly mark: string;
  readonly end: number;
}

/** The first fault of a text, in words; columns count from 1, in UTF-16 code units. Undefined if there is none. */
export function faultOf(text: string): string | undefined {
  const brackets: string[] = [];
  let wanted: Wanted = "value";
  for (let at = skipSpace(text, 0);; at = skipSpace(text, at)) {
    if (at === text.length) {
      return wanted === "end" ? undefined : `it ends at column ${at + 1}, where ${WANTED[wanted]} was wanted`;
    }
    const token = tokenAt(text, at);
    if (typeof token === "string") return token;
    const next: Wanted | undefined = token && follow(wanted, token.mark, brackets);
    if (!token || !next) {
      return `found ${shown(text, at)} at column ${at + 1}, where ${WANTED[wanted]} was wanted`;
    }
    wanted = next;
    at = token.end;
  }
}

/** What is wanted behind a token, or undefined if it isn't wanted itself. Keeps track of the open brackets. */
function follow(wanted: Wanted, mark: string, brackets: string[]): Wanted | undefined {
  switch (wanted) {
    case "value":
      return value(mark, brackets);
    case "valueOrEnd":
      return mark === "]" ? close(brackets) : value(mark, brackets);
    case "name":
      return mark === `"` ? "colon" : undefined;
    case "nameOrEnd":
      return mark === "}" ? close(brackets) : mark === `"` ? "colon" : undefined;
    case "colon":
      return mark === ":" ? "value" : undefined;
    case "nextName":
      return mark === "," ? "name" : mark === "}" ? close(brackets) : undefined;
    case "nextValue":
      return mark === "," ? "value" : mark === "]" ? close(brackets) : undefined;
    case "end":
      return undefined;
  }
}

function value(mark: string, brackets: string[]): Wanted | undefined {
  if (mark === `"` || mark === "0") return behindValue(brackets);
  if (mark !== "{" && mark !== "[") return undefined;
  brackets.push(mark);
  return mark === "{" ? "nameOrEnd" : "valueOrEnd";
}

function close(brackets: string[]): Wanted {
  brackets.pop();
  return behindValue(brackets);
}

function behindValue(brackets: readonly string[]): Wanted {
  const open = brackets.at(-1);
  return open === undefined ? "end" : open === "{" ? "nextName" : "nextValue";
}

/** The token at `at`, a fault inside it, or undefined if nothing of JSON begins there. */
function tokenAt(text: string, at: number): Token | string | undefined {
  const mark = text[at];
  if ("{}[],:".includes(mark)) return { mark, end: at + 1 };
  if (mark === `"`) return stringAt(text, at);
  const end = at + wordAt(text, at).length;
  return parses(text.slice(at, end)) ? { mark: "0", end } : undefined;
}

function stringAt(text: string, start: number): Token | string {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { mark: `"`, end: at + 1 };
    if (code < 0x20) return `found ${shown(text, at)} at column ${at + 1}, inside a string, unescaped`;
    if (code !== 0x5c) continue;
    const length = text[at + 1] === "u" ? 6 : 2;
    const escape = text.slice(at, at + length);
    if (at + length > text.length) break;
    if (!parses(`"${escape}"`)) {
      return `found ${JSON.stringify(escape)} at column ${at + 1}, which is no escape`;
    }
    at += length - 1;
  }
  return `it ends inside the string that begins at column ${start + 1}`;
}

/** Letters, digits and signs from `at` on: a number, a literal, or something that looks like one. */
function wordAt(text: string, at: number): string {
  let end = at;
  while (end < text.length && /[\w.+-]/.test(text[end])) end++;
  return text.slice(at, end);
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function skipSpace(text: string, at: number): number {
  while (at < text.length && " \t\r\n".includes(text[at])) at++;
  return at;
}

/** What stands at `at`, short, with nothing in it that a terminal would not show. */
function shown(text: string, at: number): string {
  const word = wordAt(text, at) || String.fromCodePoint(text.codePointAt(at)!);
  const code = word.codePointAt(0)!;
  if (/[\p{C}\p{Z}]/u.test(word)) return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return JSON.stringify(word.length > 20 ? `${word.slice(0, 20)}…` : word);
}
