/**
 * Compares firmware versions part by part: runs of digits as numbers, other runs as text without case; a version that
 * only has more parts is the later one.
 *
 * @returns negative, 0, or positive as `a` is before, equal to, or after `b`
 */
export function compareVersions(a: string, b: string): number {
  const left = partsOf(a);
  const right = partsOf(b);
  const length = Math.max(left.length, right.length);
  for (let n = 0; n < length; n++) {
    const x = left[n];
    const y = right[n];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (x === y) continue;
    const isNumeric = /^\d/.test(x) && /^\d/.test(y);
    const order = isNumeric ? Number(x) - Number(y) : x < y ? -1 : 1;
    if (order !== 0) return order;
  }
  return 0;
}

function partsOf(version: string): readonly string[] {
  return version.toLowerCase().match(/\d+|[a-z]+/g) ?? [];
}
