/**
 * Texts of the command line and the environment, read as values. Only the form is judged here; ranges are the
 * business of the part that takes the option.
 *
 * @module
 */

/** Any text but an empty one. */
export function readText(text: string): string {
  if (text === "") throw new RangeError("expected a text");
  return text;
}

/** A decimal number. */
export function readNumber(text: string): number {
  const number = Number(text.replaceAll("_", ""));
  if (text.trim() === "" || !Number.isFinite(number)) throw new RangeError("expected a number");
  return number;
}

/** A number, or one word that stands for `value`. */
export function readNumberOr<Value>(word: string, value: Value): (text: string) => number | Value {
  return (text) => {
    if (text === word) return value;
    try {
      return readNumber(text);
    } catch {
      throw new RangeError(`expected a number or "${word}"`);
    }
  };
}

/** Texts separated by commas. */
export function readList(text: string): string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}

/** Whole numbers separated by commas. */
export function readIds(text: string): number[] {
  const ids = readList(text);
  if (ids.length === 0 || !ids.every((id) => /^\d{1,15}$/.test(id))) {
    throw new RangeError("expected ids with commas between them");
  }
  return ids.map(Number);
}

/** Yes or no, as environment variables have it. */
export function readFlag(text: string): boolean {
  if (["1", "true", "yes"].includes(text)) return true;
  if (["0", "false", "no"].includes(text)) return false;
  throw new RangeError("expected true or false");
}

/** One of a few words. */
export function readChoice<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw new RangeError(`expected ${words.join(", ")}`);
    return word;
  };
}

/** The URL of a web server. */
export function readUrl(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? "")) return text;
  throw new RangeError("expected a URL that begins with http:// or https://");
}
