/**
 * Which rows there are and in which order: the loop first, then the tasks, each below its parent.
 *
 *     loop
 *     ▾ main                 sorted among siblings; a folded row hides what is below it; a filter leaves the tasks that match
 *       ▸ server  +12        and their parents; of thousands only those are shown that live within the window
 *         client
 */
import { matcher } from './filter';
import type { X } from './scale';
import type { EventIndex } from './trace';
import type { Tracks } from './tracks';

/** One row of the tree of tasks. */
export interface TreeRow {
  track: number;
  depth: number;
  /** Tasks right below it; 0: it can't be folded. */
  children: number;
  folded: boolean;
}

export type Order = 'created' | 'first' | 'time';

/** From so many tasks on only those that live within the window are shown, unless somebody wants them all. */
const MANY = 200;

const LOOP: TreeRow = { track: 0, depth: 0, children: 0, folded: false };

export class Tree {
  rows: readonly TreeRow[] = [LOOP];
  order: Order = 'created';
  filter = '';
  /** Only rows alive in the window; undefined: when there are many. */
  alive: boolean | undefined;
  private readonly folded = new Set<number>();
  private rowOfTrack = new Int32Array(0);
  private key = '';
  /** What the rows depend on beside the window; and by track, whether the window showed it. */
  private base = '';
  private seen: Uint8Array | undefined;
  private born = new Float64Array(0);
  private died = new Float64Array(0);
  /** Tracks of the tasks that created them. */
  private above = new Int32Array(0);
  private measured = '';
  private measuredBeta = NaN;
  /** Tasks whose begin will not change; and what was the first row of an open run. */
  private settled = 0;
  private measuredOpen: EventIndex = 0;

  constructor(private readonly tracks: Tracks) {}

  /** The row that shows a track; -1: none does. */
  rowOf(track: number): number {
    return track === 0 ? 0 : (this.rowOfTrack[track] ?? 0) - 1;
  }

  /** Whether rows outside of the window are left out. */
  get onlyAlive(): boolean {
    return this.alive ?? this.tracks.trace.tasks.length > MANY;
  }

  /** Folds what is below a track, or unfolds it. */
  toggle(track: number): void {
    if (!this.folded.delete(track)) this.folded.add(track);
    this.key = this.base = '';
  }

  /** Unfolds what hides a track. */
  reveal(track: number): void {
    const { trace } = this.tracks;
    for (let task = trace.tasks[track - 1]; task; task = trace.task(task.parent))
      if (task.index !== track - 1 && this.folded.delete(task.index + 1)) this.key = this.base = '';
  }

  /** Makes the rows for a window. True: they have changed. */
  arrange(x0: X, x1: X): boolean {
    const { trace, version } = this.tracks;
    const growing = trace.exit === undefined;
    const sorted = this.order === 'created' && !this.filter ? trace.tasks.length : growing ? version : 0;
    const window = this.onlyAlive ? `${x0}:${x1}:${growing ? version : ''}` : '';
    const key = `${trace.tasks.length}:${sorted}:${this.order}:${this.filter}:${window}:${trace.exit !== undefined}`;
    if (key === this.key) return false;
    this.key = key;
    const shown = this.shown(x0, x1);
    const base = `${trace.tasks.length}:${sorted}:${this.order}:${this.filter}`;
    // Mostly the window has moved, and the same tasks live in it.
    const still = base === this.base && sameTracks(shown, this.seen);
    this.base = base;
    this.seen = shown;
    if (still) return false;
    const before = this.rows;
    this.rows = this.make(shown);
    this.rowOfTrack = new Int32Array(trace.tasks.length + 1);
    this.rows.forEach(({ track }, row) => {
      this.rowOfTrack[track] = row + 1;
    });
    return !same(before, this.rows);
  }

  private make(shown: Uint8Array | undefined): TreeRow[] {
    const { tracks } = this;
    const { tasks } = tracks.trace;
    const children: (number[] | undefined)[] = new Array(tasks.length + 1).fill(undefined);
    for (const task of tasks) {
      // asyncio.run's own tasks after the program's end: they run on the loop's track.
      if (task.library || (shown && !shown[task.index + 1])) continue;
      const parent = tracks.trackOf(task.parent);
      const list = children[parent];
      if (list) list.push(task.index + 1);
      else children[parent] = [task.index + 1];
    }
    if (this.order !== 'created')
      for (const list of children) list?.sort((a, b) => this.rank(a) - this.rank(b) || a - b);
    const rows: TreeRow[] = [LOOP];
    const stack: TreeRow[] = [];
    const push = (parent: number, depth: number): void => {
      const below = children[parent] ?? [];
      for (let k = below.length; k-- > 0; ) {
        const track = below[k] as number;
        stack.push({ track, depth, children: children[track]?.length ?? 0, folded: this.folded.has(track) });
      }
    };
    push(0, 0);
    for (let row = stack.pop(); row; row = stack.pop()) {
      rows.push(row);
      if (!row.folded) push(row.track, row.depth + 1);
    }
    return rows;
  }

  /** By track: whether it is shown, or one below it is; undefined: all are. */
  private shown(x0: X, x1: X): Uint8Array | undefined {
    const { tracks } = this;
    const matches = matcher(tracks, this.filter);
    if (!matches && !this.onlyAlive) return undefined;
    const { trace } = tracks;
    const shown = new Uint8Array(trace.tasks.length + 1);
    if (this.onlyAlive) this.measure();
    if (!matches) {
      const { born, died, above } = this;
      for (let k = trace.tasks.length; k > 0; k--) {
        if ((born[k] as X) <= x1 && (died[k] as X) >= x0) shown[k] = 1;
        // Who created a task that lives on may be gone.
        if (shown[k]) shown[above[k] as number] = 1;
      }
      return shown;
    }
    for (let k = trace.tasks.length; k > 0; k--) {
      const task = trace.tasks[k - 1];
      if (!task) continue;
      if (!shown[k] && (!this.onlyAlive || this.lives(k, x0, x1)) && matches(k)) shown[k] = 1;
      // Parents come before their children.
      if (shown[k]) shown[tracks.trackOf(task.parent)] = 1;
    }
    return shown;
  }

  private lives(track: number, x0: X, x1: X): boolean {
    return (this.born[track] as X) <= x1 && (this.died[track] as X) >= x0;
  }

  /** Where each task's life begins and ends; the same until the trace grows or the scale changes. */
  private measure(): void {
    const { trace, scale, version } = this.tracks;
    const { beta, runs } = scale;
    const key = `${version}:${beta}`;
    if (key === this.measured) return;
    this.measured = key;
    if (beta !== this.measuredBeta) this.settled = this.measuredOpen = 0;
    this.measuredBeta = beta;
    const n = trace.tasks.length + 1;
    if (this.born.length < n) {
      const room = n + (n >> 2);
      const [born, died, above] = [new Float64Array(room), new Float64Array(room), new Int32Array(room)];
      born.set(this.born);
      died.set(this.died);
      above.set(this.above);
      [this.born, this.died, this.above] = [born, died, above];
    }
    const { born, died, above, settled, measuredOpen } = this;
    for (const { index, created, parent, outcome, lastStep, destroyed } of trace.tasks) {
      const track = index + 1;
      if (index >= settled) {
        above[track] = this.tracks.trackOf(parent);
        born[track] = scale.begin(created);
        died[track] = Infinity;
        // Of what lies in a run that goes on the phase may change.
        if (created < runs.open) this.settled = track;
      }
      if (outcome && (died[track] === Infinity || lastStep >= measuredOpen))
        died[track] = scale.end(lastStep);
      else if (destroyed >= 0 && !outcome) died[track] = scale.begin(destroyed);
    }
    this.measuredOpen = runs.open;
  }

  private rank(track: number): number {
    return this.order === 'first'
      ? (this.tracks.stepsOf(track)[0] ?? Number.MAX_SAFE_INTEGER)
      : -this.tracks.busy(track);
  }
}

function sameTracks(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (!a || !b) return a === b;
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

function same(a: readonly TreeRow[], b: readonly TreeRow[]): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) {
    const [one, two] = [a[k] as TreeRow, b[k] as TreeRow];
    if (
      one.track !== two.track ||
      one.depth !== two.depth ||
      one.children !== two.children ||
      one.folded !== two.folded
    )
      return false;
  }
  return true;
}
