/**
 * Of very many tasks, those that ended before the window are one row below their parent, which unfolds:
 *
 *     ▾ main
 *       ▸ 37 finished tasks          ▾ 37 finished tasks
 *         request 38                     request 1
 *         request 39                     request 2 …
 *
 * Which rows there are otherwise is the tree's; a filter says what it looks for, and gets that alone.
 */
import { counted } from './counted';
import type { X } from './scale';
import type { EventIndex } from './trace';
import type { Tracks } from './tracks';
import { Tree, type TreeRow } from './tree';

/** The row of the finished tasks below a track: it is no track's own. */
function rowFor(track: number): number {
  return -1 - track;
}

export function isFold({ track }: Pick<TreeRow, 'track'>): boolean {
  return track < 0;
}

/** What such a row is called. */
export function foldWords(count: number): string {
  return count === 1 ? '1 finished task' : `${counted(count)} finished tasks`;
}

export class FoldingTree extends Tree {
  /** How many of the rows stand for finished tasks. */
  folds = 0;
  /** The rows without them. */
  private plain = this.rows;
  private looked = '';
  private readonly unfolded = new Set<number>();
  private readonly places = new Map<number, number>();
  private changed = false;
  private ended = new Float64Array(0);
  private timed = '';
  private beta = Number.NaN;
  private open: EventIndex = 0;

  constructor(private readonly all: Tracks) {
    super(all);
  }

  override rowOf(track: number): number {
    if (this.folds === 0) return track < 0 ? -1 : super.rowOf(track);
    return this.places.get(track) ?? -1;
  }

  override toggle(track: number): void {
    if (track >= 0) return super.toggle(track);
    if (!this.unfolded.delete(track)) this.unfolded.add(track);
    this.changed = true;
  }

  override arrange(x0: X, x1: X): boolean {
    const before = this.rows;
    this.rows = this.plain;
    super.arrange(x0, x1);
    const looks = this.onlyAlive && !this.filter;
    const key = looks ? `${x0}:${this.all.version}:${this.all.scale.beta}` : '';
    if (this.rows === this.plain && key === this.looked && !this.changed) {
      this.rows = before;
      return false;
    }
    this.plain = this.rows;
    this.looked = key;
    this.changed = false;
    const finished = looks ? this.finished(x0) : undefined;
    this.folds = finished?.size ?? 0;
    this.places.clear();
    if (finished?.size) {
      this.rows = this.withFolds(finished);
      this.rows.forEach(({ track }, row) => {
        this.places.set(track, row);
      });
    }
    return !alike(before, this.rows);
  }

  /** By the track of the row they belong below: tracks of tasks that ended before the window and have no row. */
  private finished(x0: X): Map<number, number[]> | undefined {
    const { trace } = this.all;
    this.time();
    let found: Map<number, number[]> | undefined;
    const { ended } = this;
    for (let track = 1; track <= trace.tasks.length; track++) {
      if (!((ended[track] as X) < x0) || super.rowOf(track) >= 0) continue;
      const parent = this.shownAbove(track);
      if (parent === undefined) continue;
      found ??= new Map();
      const list = found.get(parent);
      if (list) list.push(track);
      else found.set(parent, [track]);
    }
    return found;
  }

  /** The nearest row above a track, the loop's if there is no other; undefined: it is folded by hand. */
  private shownAbove(track: number): number | undefined {
    const { all: tracks } = this;
    let above = track;
    do above = tracks.trackOf(tracks.trace.tasks[above - 1]?.parent ?? 0);
    while (above > 0 && super.rowOf(above) < 0);
    return this.plain[super.rowOf(above)]?.folded ? undefined : above;
  }

  private withFolds(finished: ReadonlyMap<number, readonly number[]>): TreeRow[] {
    const rows: TreeRow[] = [];
    for (const row of this.plain) {
      rows.push(row);
      const below = finished.get(row.track);
      if (!below) continue;
      const depth = row.track === 0 ? 0 : row.depth + 1;
      const folded = !this.unfolded.has(rowFor(row.track));
      rows.push({ track: rowFor(row.track), depth, children: below.length, folded });
      if (!folded)
        for (const track of below) rows.push({ track, depth: depth + 1, children: 0, folded: false });
    }
    return rows;
  }

  /** Where each task's life ended; never for one that lives, or is asyncio's own. What is known is not asked for again. */
  private time(): void {
    const { trace, scale, version } = this.all;
    const key = `${version}:${scale.beta}`;
    if (key === this.timed) return;
    this.timed = key;
    const n = trace.tasks.length + 1;
    if (scale.beta !== this.beta) this.ended.fill(Number.POSITIVE_INFINITY);
    this.beta = scale.beta;
    if (this.ended.length < n) {
      const more = new Float64Array(n + (n >> 2)).fill(Number.POSITIVE_INFINITY);
      more.set(this.ended);
      this.ended = more;
    }
    const { ended, open } = this;
    for (const { index, library, outcome, lastStep, destroyed } of trace.tasks)
      if (outcome && !library && (ended[index + 1] === Number.POSITIVE_INFINITY || lastStep >= open))
        ended[index + 1] = scale.end(lastStep);
      else if (destroyed >= 0 && !outcome && !library) ended[index + 1] = scale.begin(destroyed);
    // Of what lies in a run that goes on the place may change.
    this.open = scale.runs.open;
  }
}

function alike(a: readonly TreeRow[], b: readonly TreeRow[]): boolean {
  return (
    a === b ||
    (a.length === b.length &&
      a.every((one, k) => {
        const two = b[k] as TreeRow;
        return (
          one.track === two.track &&
          one.depth === two.depth &&
          one.children === two.children &&
          one.folded === two.folded
        );
      }))
  );
}
