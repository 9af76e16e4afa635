/** Of full period for every power of two: increment odd, multiplier 1 modulo 4 (Hull and Dobell 1962). */
const multiplier = 1_664_525;
const increment = 1_013_904_223;

/**
 * The numbers 0 … size-1 in a scattered order, each once, without keeping a list: neighbouring addresses are asked far
 * apart, so that no segment and no switch gets the whole stream. The order depends on `seed` only.
 */
export function* shuffled(size: number, seed: number): Generator<number, void> {
  if (size <= 0) return;
  const bits = Math.max(2, Math.ceil(Math.log2(size)));
  const mask = 2 ** bits - 1;
  let state = seed & mask;
  for (let step = 0; step <= mask; step++) {
    // Low bits of a linear congruential generator repeat quickly; mixing in the high ones keeps it one-to-one.
    const mixed = state ^ (state >>> (bits >> 1));
    if (mixed < size) yield mixed;
    state = (Math.imul(state, multiplier) + increment) & mask;
  }
}
