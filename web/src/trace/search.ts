/** Number of entries of an ascending list that are at most `value`. */
export function countUpTo(rows: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((rows[mid] as number) <= value) low = mid + 1;
    else high = mid;
  }
  return low;
}
