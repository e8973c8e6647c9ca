/** Growing lists of rows, one per track. Plain arrays: of thousands of short ones each typed array would cost 200 bytes more. */
import { countUpTo } from './search';
import type { EventIndex } from './trace';

type Rows = readonly EventIndex[];

const NONE: Rows = [];

export class Lists {
  private readonly rows: EventIndex[][] = [];

  push(track: number, row: EventIndex): void {
    // Without holes: arrays that have them are slow.
    while (this.rows.length <= track) this.rows.push([]);
    (this.rows[track] as EventIndex[]).push(row);
  }

  count(track: number): number {
    return this.of(track).length;
  }

  /** Entry n of a track; n is one of its own. */
  get(track: number, n: number): EventIndex {
    return (this.rows[track] as EventIndex[])[n] as EventIndex;
  }

  /** The last entry of a track that is at most `row`; -1: none. */
  lastUpTo(track: number, row: EventIndex): EventIndex {
    const n = this.countUpTo(track, row);
    return n > 0 ? this.get(track, n - 1) : -1;
  }

  /** How many entries of a track are at most `row`. */
  countUpTo(track: number, row: EventIndex): number {
    return countUpTo(this.of(track), row);
  }

  of(track: number): Rows {
    return this.rows[track] ?? NONE;
  }
}
