/** C0 and C1 controls, and those that turn the direction of writing: what can rewrite a screen or deceive an eye. */
// deno-lint-ignore no-control-regex
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text from outside as it may be shown on a terminal or in a log: controls are written as `\u001b`, and what is
 * longer than `units` is cut.
 */
export function printable(text: string, units: number = Infinity): string {
  const cut = text.length > units ? `${text.slice(0, units)}…` : text;
  return cut.replaceAll(UNSEEN, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
