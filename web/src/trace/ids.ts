/** A row for each of many ids. Ids are dense: what is no id of a run takes a map. */
import type { EventIndex, Id } from './trace';

const SHIFT = 12;
const CHUNK = 1 << SHIFT;
const MASK = CHUNK - 1;
/** Chunks of empty ids that may lie between two of the table. */
const GAP = 1 << 10;

export class IdRows {
  /** Row + 1; 0: none. */
  private readonly chunks: (Int32Array | undefined)[] = [];
  private readonly far = new Map<Id, EventIndex>();

  set(id: Id, row: EventIndex): void {
    this.swap(id, row);
  }

  /** The same; what it had before, -1: nothing. */
  swap(id: Id, row: EventIndex): EventIndex {
    const { chunks } = this;
    const chunk = id >>> SHIFT;
    if (!(id >= 0) || chunk > chunks.length + GAP) {
      const before = this.far.get(id) ?? -1;
      this.far.set(id, row);
      return before;
    }
    let rows = chunks[chunk];
    if (!rows) {
      rows = new Int32Array(CHUNK);
      while (chunks.length <= chunk) chunks.push(undefined);
      chunks[chunk] = rows;
    }
    const before = rows[id & MASK] as number;
    rows[id & MASK] = row + 1;
    return before ? before - 1 : this.far.size > 0 ? (this.far.get(id) ?? -1) : -1;
  }

  /** -1: the id has none. */
  get(id: Id): EventIndex {
    const rows = id >= 0 ? this.chunks[id >>> SHIFT] : undefined;
    const row = rows?.[id & MASK];
    if (row) return row - 1;
    return this.far.size > 0 ? (this.far.get(id) ?? -1) : -1;
  }

  get bytes(): number {
    return this.chunks.reduce((sum, rows) => sum + 8 + (rows?.byteLength ?? 0), 0);
  }
}
