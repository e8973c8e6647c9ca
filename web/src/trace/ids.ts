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
    const chunk = id >>> SHIFT;
    if (!(id >= 0) || chunk > this.chunks.length + GAP) {
      this.far.set(id, row);
      return;
    }
    const rows = this.chunks[chunk] ?? new Int32Array(CHUNK);
    while (this.chunks.length <= chunk) this.chunks.push(undefined);
    this.chunks[chunk] = rows;
    rows[id & MASK] = row + 1;
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
