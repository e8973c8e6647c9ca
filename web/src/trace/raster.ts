/**
 * Level of detail: a track as a row of pixels, exact at every zoom.
 *
 * Segments at least `wide` pixels wide are handed out one by one, snapped to whole pixels; the pixels between them
 * get the exact mix of the segments they hold:
 *
 *     segments   ▇▇▇▇▇▇▇▇──────────▇─▇▇─▇────────────
 *     handed out [ wide  ][ wide   ]p p p[ wide       ]
 */
import { type Mix, STATES } from './changes';
import { State } from './reason';
import type { X } from './scale';
import type { Tracks } from './tracks';

export interface RowSink {
  /** Segment `index` covers the pixels [from, to); they may lie outside the row. */
  wide(index: number, from: number, to: number): void;
  /** The mix of pixel c, in display seconds; `ran`: something ran in it, if only for an instant. */
  pixel(c: number, mix: Mix, ran: boolean): void;
}

/** A share of a pixel that is only the rounding of numbers. */
const NOTHING = 1e-7;

const mix: Mix = new Float64Array(STATES);

/** Pixel c covers [x0 + c × dx, x0 + (c + 1) × dx). */
export function rasterRow(
  tracks: Tracks,
  track: number,
  x0: X,
  dx: X,
  width: number,
  wide: number,
  sink: RowSink,
): void {
  const { changes } = tracks;
  const n = changes.count(track);
  const now = tracks.scale.now();
  const startOf = (k: number): X => changes.x(track, k);
  const endOf = (k: number): X => (k + 1 < n ? changes.x(track, k + 1) : Math.max(now, changes.x(track, k)));
  let i = Math.max(0, changes.find(track, x0));
  /** The next free pixel, and the position up to which segments have been told. */
  let c = 0;
  let told: X = -Infinity;
  while (i < n && c < width) {
    const a = startOf(i);
    const b = endOf(i);
    if (a > x0 + width * dx) return;
    if (changes.state(track, i) === State.NONE) {
      c = Math.max(c, Math.floor((b - x0) / dx));
      i++;
      continue;
    }
    if (b - a >= wide * dx) {
      const from = Math.round((a - x0) / dx);
      const to = Math.round((b - x0) / dx);
      if (to > c) sink.wide(i, Math.max(from, c), to);
      c = Math.max(c, to);
      told = b;
      i++;
      continue;
    }
    // What has no length and did not run leaves no trace: it must not push its neighbours aside.
    if (b < x0 || (b - a < dx * NOTHING && changes.state(track, i) !== State.RUN)) {
      i++;
      continue;
    }
    c = Math.max(c, Math.floor((a - x0) / dx));
    if (c >= width) return;
    const begin = Math.max(a, Math.min(told, b), c === 0 ? x0 : -Infinity);
    const end = x0 + (c + 1) * dx;
    // At least this segment belongs to the pixel, even if it was pushed here by a wide neighbour's rounding.
    let j = Math.max(i, changes.find(track, end, i));
    const last = j;
    if (j > i && (endOf(j) - startOf(j) >= wide * dx || startOf(j) >= end)) j--;
    const upTo = Math.max(begin, Math.min(end, endOf(j)));
    mix.fill(0);
    changes.mix(track, i, begin, j, upTo, mix);
    sink.pixel(c, mix, ranBetween(tracks, track, i, j, begin));
    told = upTo;
    c++;
    // Go on with what reaches beyond this pixel.
    i = last > j ? last : endOf(j) > end ? j : j + 1;
  }
}

/** Whether a RUN began among the segments i..j, or went on in i. Of three segments in a row one is a RUN, or NONE. */
function ranBetween(tracks: Tracks, track: number, i: number, j: number, begin: X): boolean {
  const { changes } = tracks;
  for (let k = j; k >= i && k > j - 4; k--) {
    if (changes.state(track, k) === State.RUN && (k > i || changes.x(track, k) >= begin || k === j))
      return true;
  }
  return false;
}
