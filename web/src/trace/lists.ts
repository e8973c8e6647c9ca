/** Growing lists of rows, one per track. */
import type { EventIndex } from './trace';

const FIRST = 4;
const NONE = new Int32Array(0);

export class Lists {
  private readonly rows: (Int32Array<ArrayBuffer> | undefined)[] = [];
  private readonly counts: number[] = [];

  push(track: number, row: EventIndex): void {
    // Without holes: arrays that have them are slow.
    while (this.counts.length <= track) {
      this.counts.push(0);
      this.rows.push(undefined);
    }
    const count = this.counts[track] as number;
    let rows = this.rows[track] ?? new Int32Array(FIRST);
    if (count === rows.length) {
      const next = new Int32Array(Math.ceil(count * 1.5));
      next.set(rows);
      rows = next;
    }
    rows[count] = row;
    this.rows[track] = rows;
    this.counts[track] = count + 1;
  }

  count(track: number): number {
    return this.counts[track] ?? 0;
  }

  /** Entry n of a track; n is one of its own. */
  get(track: number, n: number): EventIndex {
    return (this.rows[track] ?? NONE)[n] as EventIndex;
  }

  /** The last entry of a track that is at most `row`; -1: none. */
  lastUpTo(track: number, row: EventIndex): EventIndex {
    const n = this.countUpTo(track, row);
    return n > 0 ? this.get(track, n - 1) : -1;
  }

  /** How many entries of a track are at most `row`. */
  countUpTo(track: number, row: EventIndex): number {
    const rows = this.rows[track] ?? NONE;
    let low = 0;
    let high = this.count(track);
    while (low < high) {
      const mid = (low + high) >>> 1;
      if ((rows[mid] as number) <= row) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  of(track: number): Int32Array {
    return this.rows[track]?.subarray(0, this.counts[track]) ?? NONE;
  }
}
