import { hashKey } from "../core/mod.ts";

/**
 * Deals classes to members: each class to one, each member as many as any other or one more. Every member that knows
 * the same members comes to the same result, and few classes move when members come or go.
 *
 * It is rendezvous hashing with room for so many: of all pairs of a class and a member the highest hash is dealt
 * first.
 */
export function dealClasses(classes: readonly string[], members: readonly string[]): Map<string, string> {
  const dealt = new Map<string, string>();
  const room = new Map(members.map((member) => [member, Math.floor(classes.length / members.length)]));
  let extra = classes.length % members.length;
  for (const { name, member } of pairs(classes, members)) {
    if (dealt.has(name)) continue;
    const left = room.get(member)!;
    // With no room left, a member may have one more, once, while there are classes over.
    if (left === 0 && extra > 0) extra--;
    else if (left <= 0) continue;
    room.set(member, left === 0 ? -1 : left - 1);
    dealt.set(name, member);
  }
  return dealt;
}

interface Pair {
  readonly name: string;
  readonly member: string;
  readonly score: number;
}

/** The highest first; equal ones in an order that depends on their names alone. */
function pairs(classes: readonly string[], members: readonly string[]): Pair[] {
  const all = classes.flatMap((name) =>
    members.map((member): Pair => ({ name, member, score: hashKey(`${name} ${member}`) }))
  );
  return all.sort((a, b) => b.score - a.score || compare(a.name, b.name) || compare(a.member, b.member));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
