/** What is on screen of which trace: tracks, layout and window, kept in step while the trace grows. */
import type { ScaleName, X } from '../trace/scale';
import type { EventIndex, Trace } from '../trace/trace';
import { type Segment, type Tracks, tracksOf } from '../trace/tracks';
import { lanesWanted } from './lanes';
import { type Layout, layoutFor, type Px, plotWidth } from './layout';
import { Viewport } from './viewport';

/** Pixels a handle run has at least while the whole of a live run is shown. */
const DENSE: Px = 5;
/** Below the last row, so that it does not look cut off. */
const FOOT: Px = 8;
/** Milliseconds between two orders of the rows while the window moves. */
const EVERY = 120;

export class Camera {
  tracks: Tracks | undefined;
  readonly view = new Viewport();
  layout: Layout = layoutFor(1, 1, 1, false);
  /** The window follows the end of a run that grows. */
  following = true;
  private readonly coarse = matchMedia('(pointer: coarse)');
  /** See layoutFor. */
  private unit = 1;
  private grown = false;
  private arrangedAt = -Infinity;
  private chosen: ScaleName | undefined;

  /** Rows of tasks, the loop's not counted. */
  get rows(): number {
    return (this.tracks?.tree().length ?? 1) - 1;
  }

  setTrace(trace: Trace | undefined): void {
    this.tracks = trace && tracksOf(trace);
    this.tracks?.update();
    this.tracks?.setScale(this.chosen);
    this.grown = false;
    this.view.top = 0;
    this.bound();
    this.view.fit();
    this.arrangedAt = -Infinity;
  }

  /** The trace has grown: it is read when it is looked at next. */
  grow(): void {
    this.grown = true;
  }

  /** Reads what was appended since the last frame. */
  absorb(): void {
    const { tracks, view } = this;
    if (!this.grown || !tracks) return;
    this.grown = false;
    this.keeping(() => tracks.update());
    if (!this.following) return;
    if (tracks.trace.exit) view.fit();
    else view.follow(tracks.scale.runs.phases, DENSE);
  }

  /**
   * Puts the rows in order for the window, at most every so often: rows that come and go with every pixel would flicker.
   * The row under `y`, or the selected track's, stays where it is. Milliseconds until it should be done again; 0: done.
   */
  arrange(now: number, keep: number): number {
    const { tracks, view, layout } = this;
    if (!tracks) return 0;
    const wait = tracks.rows.onlyAlive ? this.arrangedAt + EVERY - now : 0;
    if (wait > 0) return wait;
    const before = tracks.tree();
    const from = Math.max(1, keep > 0 ? tracks.rowOf(keep) : Math.ceil(view.top / layout.row) + 1);
    if (!tracks.rows.arrange(view.x0, view.x1)) return 0;
    this.arrangedAt = now;
    for (let row = from; row < before.length; row++) {
      const to = tracks.rowOf(before[row]?.track ?? -1);
      if (to < 0) continue;
      view.top += (to - row) * layout.row;
      break;
    }
    this.bound();
    return 0;
  }

  /** The same at once. */
  arrangeNow(keep: number): void {
    this.arrangedAt = -Infinity;
    this.arrange(performance.now(), keep);
  }

  setScale(scale: ScaleName | undefined): void {
    this.chosen = scale;
    const { tracks } = this;
    if (tracks) this.keeping(() => tracks.setScale(scale));
  }

  resize(width: Px, height: Px, ratio: number, unit: number): void {
    const { whole } = this.view;
    this.unit = unit;
    this.layout = { ...this.layout, width: Math.max(1, width), height: Math.max(1, height), ratio };
    this.bound();
    if (whole) this.view.fit();
  }

  /** Rows of the tree on screen, [first, last). */
  visible(): [number, number] {
    const { layout, view } = this;
    const first = Math.max(0, Math.floor(view.top / layout.row));
    const last = Math.min(this.rows, Math.ceil((view.top + layout.height - layout.rowsTop) / layout.row));
    return [first + 1, Math.max(first, last) + 1];
  }

  /** Where a segment's card belongs: below its begin. */
  place(segment: Segment): [Px, Px] {
    const { layout, view } = this;
    const row = this.tracks?.rowOf(segment.track) ?? 0;
    const bottom = row === 0 ? layout.lanesTop : layout.rowsTop + row * layout.row - view.top;
    return [layout.gutter + Math.max(0, view.toPx(segment.x0)) - 8, bottom - 8];
  }

  /** The middle of what can be seen of a segment: where to go on another track. */
  middle(segment: Segment | undefined): X {
    const { x0, x1 } = this.view;
    return segment ? Math.max(x0, (segment.x0 + Math.min(segment.x1, x1)) / 2) : x0;
  }

  /** Pans and scrolls by pixels; tells which of them was possible. */
  move(dx: Px, dy: Px): { panned: boolean; scrolled: boolean } {
    const { x0, top } = this.view;
    if (dx) this.view.pan(dx);
    if (dy) this.view.scroll(dy);
    return { panned: x0 !== this.view.x0, scrolled: top !== this.view.top };
  }

  /** Brings an event into the window, if it is not there. */
  reveal(event: EventIndex): void {
    if (!this.tracks || event >= this.tracks.trace.count) return;
    const x = this.tracks.scale.begin(event);
    if (this.view.at(x) === undefined) this.view.reveal(x, x);
  }

  revealRow(row: number): void {
    if (row > 0) this.view.revealRow((row - 1) * this.layout.row, this.layout.row);
  }

  /** Display seconds per pixel of the overview strip, in pixels of the window. */
  get overviewStep(): number {
    return (this.tracks?.scale.now() ?? 1) / plotWidth(this.layout) / this.view.dx;
  }

  /** Does something that may move every x, and shows the same moments afterwards. */
  private keeping(change: () => boolean): void {
    const { view } = this;
    const scale = this.tracks?.scale;
    if (!scale) return;
    const { whole } = view;
    const [from, to] = [scale.clockAt(view.x0), scale.clockAt(view.x1)];
    const [first, last] = [scale.phaseAt(view.x0), scale.phaseAt(view.x1)];
    const moved = change();
    this.bound();
    if (!moved) return;
    if (whole) view.fit();
    else view.show(scale.x(from, first), scale.x(to, last), 0);
  }

  private bound(): void {
    const { tracks } = this;
    const { width, height, ratio } = this.layout;
    const lanes = tracks ? lanesWanted(tracks) : 0;
    this.layout = layoutFor(width, height, ratio, this.coarse.matches, this.rows, this.unit, lanes);
    const { row, rowsTop } = this.layout;
    const { now, beta } = tracks ? { now: tracks.scale.now(), beta: tracks.scale.beta } : { now: 1, beta: 1 };
    this.view.bound(now, beta, plotWidth(this.layout), this.rows * row + FOOT, height - rowsTop);
  }
}
