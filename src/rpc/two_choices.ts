/**
 * Which endpoint gets the next call.
 *
 * @module
 */

/**
 * The power of two choices: the cheaper of two picked at random (M. Mitzenmacher, 1996). Nearly as even as always
 * taking the cheapest, without every caller running to the same one at once.
 *
 * @param random 0 up to 1
 * @returns undefined if there are no candidates
 */
export function twoChoices<T>(
  candidates: readonly T[],
  { cost, random }: { cost: (candidate: T) => number; random: () => number },
): T | undefined {
  const { length } = candidates;
  if (length < 2) return candidates[0];
  const first = Math.floor(random() * length);
  const other = Math.floor(random() * (length - 1));
  const second = other < first ? other : other + 1;
  return cost(candidates[second]) < cost(candidates[first]) ? candidates[second] : candidates[first];
}
