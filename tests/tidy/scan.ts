/**
 * TypeScript with what is not code blanked out, so that no rule trips over a word in a comment or a text.
 *
 * @module
 */

/** Comments blanked. */
export function withoutComments(source: string): string {
  return scan(source, (kind) => kind !== "comment");
}

/** Comments and literals (texts, templates, regular expressions) blanked; code inside of templates stays. */
export function codeOf(source: string): string {
  return scan(source, (kind) => kind === "code");
}

type Kind = "code" | "comment" | "literal";

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const TEXT = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;
const REGEX = /\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** Up to the template's end or the next piece of code in it. */
const TEMPLATE = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
/** What a `/` is a division after: a value. */
const VALUE = /(?:[\w$)\]]|\+\+|--)\s*$/;
const KEYWORD = /\b(?:return|typeof|case|in|of|void|yield|await)\s*$/;

function scan(source: string, keeps: (kind: Kind) => boolean): string {
  let code = ""; // as kept
  let at = 0;
  const braces: number[] = []; // open braces in the code of each template under way
  const take = (kind: Kind, length: number) => {
    const text = source.slice(at, at + length);
    code += keeps(kind) ? text : text.replaceAll(/[^\n]/g, " ");
    at += length;
  };
  const matches = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0].length ?? 0;
  };
  const template = () => {
    const length = matches(TEMPLATE);
    take("literal", length || source.length - at);
    if (source[at - 1] === "{") braces.push(0);
  };
  while (at < source.length) {
    const char = source[at];
    const length = char === "/" ? matches(COMMENT) : 0;
    if (length > 0) take("comment", length);
    else if (char === '"' || char === "'") take("literal", matches(TEXT) || 1);
    else if (char === "/" && !isDivision(source, at)) take("literal", matches(REGEX) || 1);
    else if (char === "`") {
      take("literal", 1);
      template();
    } else if (char === "}" && braces.at(-1) === 0) {
      braces.pop();
      take("literal", 1);
      template();
    } else {
      if (braces.length > 0 && (char === "{" || char === "}")) {
        braces[braces.length - 1] += char === "{" ? 1 : -1;
      }
      take("code", 1);
    }
  }
  return code;
}

function isDivision(source: string, at: number): boolean {
  const before = source.slice(Math.max(0, at - 40), at);
  return VALUE.test(before) && !KEYWORD.test(before);
}
