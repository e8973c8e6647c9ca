/**
 * Pixels of the rows that are too dense for shapes, and which segments of a row are shapes.
 *
 * Each row on screen owns two lines of an offscreen canvas, one for what waits and one for what runs, which are
 * stretched to their heights when drawn. A row is rasterised again only when what it shows has changed, and only while
 * the frame's budget lasts: until its turn comes it is drawn from its old pixels, moved and stretched to the new
 * window. So a frame never costs more than the budget, or the one row that needs more.
 */
import { type Mix, STATES } from '../trace/changes';
import { type RowSink, rasterRow } from '../trace/raster';
import { State } from '../trace/reason';
import type { X } from '../trace/scale';
import { LOOP_TRACK, type Tracks } from '../trace/tracks';
import type { Px } from './layout';
import type { Theme } from './theme';

/** Segments from this width on are drawn as shapes. */
export const WIDE: Px = 4;
/** Something that ran is seen however short it was. */
const LEAST_RUN = 0.6;
const WAIT_ALPHA = 0.42;
/** For making pictures, per frame. */
const BUDGET_MS = 4;
/** For those of rows that have none yet, which stay empty no longer than they must. */
const FIRST_MS = 12;
/** The same in a trace's first frame: a picture that comes in parts is whole much later. */
const OPENING_MS = 150;
/** What ran is told by the tasks' tracks: on the loop's it is quiet. */
const QUIET = 0.5;

export interface RowPicture {
  track: number;
  version: number;
  x0: X;
  dx: number;
  /** Device pixels. */
  width: number;
  /** Segments to draw as shapes: triples of segment number, first pixel, pixel after the last. */
  shapes: number[];
  /** Whether there is anything but shapes. */
  dense: boolean;
}

interface Kept extends RowPicture {
  /** Where it lies on the canvas. */
  line: number;
  /** What making it took, milliseconds. */
  cost: number;
}

/** Colours of the pixels of one row: what waits, then what runs. */
export class Painter implements RowSink {
  shapes: number[] = [];
  dense = false;
  private dx = 1;
  private strength = 1;

  constructor(
    private readonly theme: Theme,
    private readonly wait: Uint32Array,
    private readonly run: Uint32Array,
  ) {}

  begin(dx: number, quiet: boolean): void {
    this.strength = quiet ? QUIET : 1;
    this.wait.fill(0);
    this.run.fill(0);
    this.shapes = [];
    this.dense = false;
    this.dx = dx;
  }

  end(): void {
    if (this.dense && this.strength === 1) widenLone(this.run);
  }

  wide(index: number, from: number, to: number): void {
    this.shapes.push(index, from, to);
  }

  pixel(c: number, mix: Mix, ran: boolean): void {
    this.dense = true;
    let waited = 0;
    let most: State = State.READY;
    for (let s = 1; s < STATES; s++) {
      waited += mix[s] as number;
      if ((mix[s] as number) > (mix[most] as number)) most = s as State;
    }
    const full = this.dx;
    if (waited > 0)
      this.wait[c] = packed(this.theme, most, WAIT_ALPHA * Math.sqrt(Math.min(1, waited / full)));
    const share = Math.min(1, (mix[State.RUN] as number) / full);
    if (ran || share > 0)
      this.run[c] = packed(this.theme, State.RUN, this.strength * Math.max(LEAST_RUN, Math.sqrt(share)));
  }
}

/** A run that stands alone is seen at once: two pixels wide and solid, however short it was. */
function widenLone(run: Uint32Array): void {
  for (let from = 0; from < run.length; ) {
    let to = from;
    while (to < run.length && run[to]) to++;
    if (to > from && to - from <= 2) {
      const solid = ((run[from] as number) | 0xff000000) >>> 0;
      run.fill(solid, from, Math.min(run.length, from + 2));
      to = Math.max(to, from + 2);
    }
    from = to + 1;
  }
}

function packed(theme: Theme, state: State, alpha: number): number {
  const [r, g, b] = theme.rgb[state] ?? [0, 0, 0];
  return ((Math.round(alpha * 255) << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

export class Strips {
  private readonly rows = new Map<number, Kept>();
  private readonly canvas = document.createElement('canvas');
  private readonly context: CanvasRenderingContext2D;
  private image: ImageData;
  private painter: Painter;
  private lines = 0;
  private free: number[] = [];
  private next = 0;

  constructor(
    private readonly theme: Theme,
    private readonly width: number,
    private readonly ratio: number,
    capacity: number,
  ) {
    this.canvas.width = width;
    this.canvas.height = capacity * 2;
    const context = this.canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('This browser has no canvas.');
    this.context = context;
    this.image = context.createImageData(width, 2);
    const pixels = new Uint32Array(this.image.data.buffer);
    this.painter = new Painter(theme, pixels.subarray(0, width), pixels.subarray(width));
  }

  /** Whether it was made for this width and theme and has room for so many rows. */
  fits(theme: Theme, width: number, ratio: number, rows: number): boolean {
    const same = this.theme === theme && this.width === width && this.ratio === ratio;
    return same && this.canvas.height >= rows * 2;
  }

  /**
   * Pictures of the tracks for a window, as new as the budget allows. True: some are out of date. `intake`: milliseconds
   * for taking in what has come since a row's last picture, which must not fall behind what comes. `opening`: it is the
   * first frame of a trace that has an end.
   */
  prepare(
    tracks: Tracks,
    wanted: readonly number[],
    x0: X,
    dx: number,
    intake: number,
    opening = false,
  ): boolean {
    const keep = new Set(wanted);
    for (const [track, row] of this.rows) {
      if (keep.has(track)) continue;
      this.rows.delete(track);
      this.free.push(row.line);
    }
    const begin = performance.now();
    const late = () => performance.now() > begin + intake;
    const n = wanted.length;
    const first = opening ? OPENING_MS : FIRST_MS;
    /** What was made, and the first that has to wait. */
    let done = 0;
    let waits = -1;
    for (let k = 0, now = begin; k < n; k++) {
      const place = (this.next + k) % n;
      const track = wanted[place] as number;
      const row = this.rows.get(track);
      if (row && row.version === tracks.version && row.x0 === x0 && row.dx === dx) continue;
      // It will take what it took.
      const full = done > 0 && (row ? now + row.cost > begin + BUDGET_MS : now > begin + first);
      if (full || (row && !tracks.changes.ready(track, this.width, late))) {
        if (waits < 0) waits = place;
        continue;
      }
      now = performance.now();
      this.paint(tracks, track, x0, dx);
      const after = performance.now();
      (this.rows.get(track) as Kept).cost = after - now;
      now = after;
      done++;
    }
    this.next = Math.max(0, waits);
    return waits >= 0;
  }

  picture(track: number): RowPicture | undefined {
    return this.rows.get(track);
  }

  /** Draws a row's pixels, `what` waits or runs, moved to the present window. */
  draw(
    context: CanvasRenderingContext2D,
    track: number,
    what: 'wait' | 'run',
    [x0, dx]: readonly [X, number],
    [left, top, width, height]: readonly [number, number, number, number],
  ): void {
    const row = this.rows.get(track);
    if (!row?.dense) return;
    const line = row.line * 2 + (what === 'run' ? 1 : 0);
    const ratio = this.width / width;
    // Where the old window lies in the new one, in its own pixels.
    const from = (row.x0 - x0) / dx / ratio;
    const to = from + (this.width * row.dx) / dx / ratio;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.canvas, 0, line, this.width, 1, left + from, top, to - from, height);
  }

  private paint(tracks: Tracks, track: number, x0: X, dx: number): void {
    const line = this.rows.get(track)?.line ?? this.free.pop() ?? this.lines++;
    this.painter.begin(dx, track === LOOP_TRACK);
    rasterRow(tracks, track, x0, dx, this.width, WIDE * this.ratio, this.painter);
    this.painter.end();
    const { shapes, dense } = this.painter;
    if (dense) this.context.putImageData(this.image, 0, line * 2);
    const made = { track, version: tracks.version, x0, dx, width: this.width };
    this.rows.set(track, { ...made, shapes, dense, cost: 0, line });
  }
}
