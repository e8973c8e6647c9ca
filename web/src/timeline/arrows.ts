/**
 * Wake-up arrows of a segment: from the run that made it ready, and to the runs it made ready. A wake-up is a moment,
 * so its arrow is upright; what follows it on the woken track is READY:
 *
 *     producer    ▇▇▇▇▇▇▇
 *                    │
 *     consumer    ▒▒▒▼╱╱╱╱▇▇▇▇
 */
import { stepOf } from '../trace/describe';
import { State } from '../trace/reason';
import { isRun } from '../trace/runs';
import type { X } from '../trace/scale';
import { type EventIndex, How } from '../trace/trace';
import type { Segment, Tracks } from '../trace/tracks';
import type { Px } from './layout';
import type { Context } from './shapes';
import type { Theme } from './theme';

export interface Arrow {
  from: { track: number; x: X };
  to: { track: number; x: X };
  /** It shows why the segment ran; otherwise what the segment made run. */
  cause: boolean;
}

/** With more runs than this in view their wake-ups are not all drawn. */
const FEW = 24;
/** More effects than this are a bundle nobody can read. */
const MOST = 200;

export function arrowsOf(tracks: Tracks, segment: Segment | undefined): Arrow[] {
  if (!segment) return [];
  const { trace, scale } = tracks;
  const arrows: Arrow[] = [];
  const step = stepOf(tracks, segment);
  if (step < 0) return [];
  const back = wakeUp(tracks, step, segment.track);
  if (back) arrows.push({ ...back, cause: true });
  if (segment.state !== State.RUN) return arrows;
  const { runs } = scale;
  const own = runs.runOf(step);
  for (let k = own + 1; own >= 0 && k < runs.count && arrows.length < MOST; k++) {
    const row = runs.rowOf(k);
    // Handles run in the order in which they became ready.
    if (trace.readySeq.at(row) > runs.rowOf(own)) break;
    if (trace.by.at(row) !== trace.subject.at(step)) continue;
    if (runs.wakerOf(row) !== own) continue;
    const arrow = wakeUp(tracks, row, tracks.visible(trace.subject.at(row)));
    if (arrow) arrows.push({ ...arrow, cause: false });
  }
  return arrows;
}

/** All wake-ups in a window, where there are few enough to be told apart. */
export function arrowsWithin(tracks: Tracks, x0: X, x1: X): Arrow[] {
  const { scale, trace } = tracks;
  const { runs } = scale;
  const arrows: Arrow[] = [];
  let k = firstFrom(tracks, x0);
  for (const last = k + FEW; k < runs.count && scale.begin(runs.rowOf(k)) <= x1; k++) {
    if (k === last) return [];
    const row = runs.rowOf(k);
    const arrow = wakeUp(tracks, row, tracks.visible(trace.subject.at(row)));
    if (arrow && arrow.from.x >= x0) arrows.push({ ...arrow, cause: false });
  }
  return arrows;
}

/** The first run that begins at x or later. */
function firstFrom({ scale }: Tracks, x: X): number {
  const { runs } = scale;
  let low = 0;
  let high = runs.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (scale.begin(runs.rowOf(middle)) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function wakeUp(tracks: Tracks, step: EventIndex, track: number): Omit<Arrow, 'cause'> | undefined {
  const { trace, scale } = tracks;
  const by = trace.by.at(step);
  // Its own yield needs no arrow, and from outside none can be drawn.
  if (!by || by === trace.subject.at(step)) return undefined;
  const from = tracks.visible(by);
  if (!isRun(trace, step))
    return { from: { track: from, x: scale.begin(step) }, to: { track, x: scale.begin(step) } };
  const timer = trace.how.at(step) === How.TIMER && trace.timer(trace.subject.at(step));
  if (timer)
    return { from: { track: from, x: scale.begin(timer.armed) }, to: { track, x: scale.begin(step) } };
  // Between two handles on the loop's own track an arrow would lie in the bar.
  if (scale.runs.wakerOf(step) < 0 || from === track) return undefined;
  // A new task is ready from its creation on, which is where its track begins.
  const created = trace.task(trace.subject.at(step))?.created ?? -1;
  const x =
    created >= 0 && tracks.stepsOf(tracks.trackOf(trace.subject.at(step)))[0] === step
      ? scale.begin(created)
      : scale.ready(step);
  return { from: { track: from, x }, to: { track, x } };
}

/**
 * Draws an arrow between points in the middle of rows; `half` is half the height of what it points at. `quiet`: it is one
 * of all, and nobody asked for it.
 */
export function drawArrow(
  context: Context,
  theme: Theme,
  [x0, y0]: readonly [Px, Px],
  [x1, y1]: readonly [Px, Px],
  half: Px,
  cause: boolean,
  quiet = false,
): void {
  const ink = quiet ? theme.quiet : theme.ink;
  const down = y1 >= y0 ? 1 : -1;
  const tip = y1 - down * half;
  for (const halo of [true, false]) {
    context.strokeStyle = halo ? theme.paper : ink;
    context.lineWidth = quiet ? (halo ? 3 : 1) : halo ? 5 : cause ? 2 : 1.5;
    context.setLineDash(cause || halo || quiet ? [] : [4, 3]);
    context.beginPath();
    context.moveTo(x0, y0);
    if (Math.abs(x1 - x0) < 1) context.lineTo(x1, tip - down * 6);
    else {
      const reach = Math.max(20, Math.abs(tip - y0) / 2);
      context.bezierCurveTo(x0, y0 + down * reach, x1, tip - down * reach, x1, tip - down * 6);
    }
    context.stroke();
  }
  context.setLineDash([]);
  context.fillStyle = ink;
  context.beginPath();
  context.moveTo(x1, tip + down * 2);
  context.lineTo(x1 - 4.5, tip - down * 7);
  context.lineTo(x1 + 4.5, tip - down * 7);
  context.closePath();
  context.fill();
  context.beginPath();
  context.roundRect(x0 - 3, y0 - 3, 6, 6, 3);
  context.fill();
}
