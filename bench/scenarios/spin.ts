/**
 * Pure CPU work of a known length.
 *
 * @module
 */

/** `spins` rounds of MurmurHash3's mixer. */
export function spin(seed: number, spins: number): number {
  let mixed = seed | 0;
  for (let i = 0; i < spins; i++) {
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b) + i | 0;
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  }
  return mixed;
}

/** How many rounds take about `micros` µs on this machine and runtime, now. */
export function spinsFor(micros: number): number {
  const rounds = 2_000_000;
  let seed = spin(1, rounds); // warm
  let best = Infinity;
  for (let attempt = 0; attempt < 5; attempt++) {
    const startedAt = performance.now();
    seed = spin(seed, rounds);
    best = Math.min(best, performance.now() - startedAt);
  }
  if (seed === 0) throw new Error("unlikely"); // keeps the loop alive
  return Math.max(1, Math.round(micros / (best * 1_000 / rounds)));
}
