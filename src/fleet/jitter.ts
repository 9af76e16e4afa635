/**
 * A number in [0, 1) that depends on the texts only (FNV-1a, mixed): spreads polls of a fleet evenly and stays the
 * same over restarts, which a random number would not.
 */
export function unitInterval(id: string, purpose: string): number {
  let hash = 0x811c9dc5;
  for (const text of [id, purpose])
    for (let index = 0; index < text.length; index++)
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return (hash >>> 0) / 2 ** 32;
}
