/** Wake-up arrows of a segment: from the run that made it ready, and to the runs it made ready. */
import { stepOf } from '../trace/describe';
import { State } from '../trace/reason';
import { isRun } from '../trace/runs';
import type { X } from '../trace/scale';
import { type EventIndex, How, type Id, Kind } from '../trace/trace';
import { LOOP_TRACK, type Segment, type Tracks } from '../trace/tracks';
import type { Px } from './layout';
import type { Context } from './shapes';
import type { Theme } from './theme';

export interface Arrow {
  from: { track: number; x: X };
  to: { track: number; x: X };
  /** It shows why the segment ran; otherwise what the segment made run. */
  cause: boolean;
}

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
    const row = runs.row[k] as EventIndex;
    // Handles run in the order in which they became ready.
    if ((trace.readySeq[row] as number) > (runs.row[own] as number)) break;
    if (trace.by[row] !== trace.subject[step]) continue;
    if (runs.wakerOf(row) !== own) continue;
    const arrow = wakeUp(tracks, row, tracks.visible(trace.subject[row] as Id));
    if (arrow) arrows.push({ ...arrow, cause: false });
  }
  return arrows;
}

function wakeUp(tracks: Tracks, step: EventIndex, track: number): Omit<Arrow, 'cause'> | undefined {
  const { trace, scale } = tracks;
  const by = trace.by[step] as Id;
  // Its own yield needs no arrow, and from outside none can be drawn.
  if (!by || by === trace.subject[step]) return undefined;
  const to = { track, x: scale.begin(step) };
  if (!isRun(trace, step)) return { from: { track: tracks.visible(by), x: to.x }, to };
  const armed = trace.kind[step] === Kind.CALLBACK && trace.how[step] === How.TIMER;
  if (armed) {
    const timer = trace.timers.get(trace.subject[step] as Id);
    return timer && { from: { track: tracks.visible(by), x: scale.begin(timer.armed) }, to };
  }
  const waker = scale.runs.wakerOf(step);
  if (waker < 0) return undefined;
  const fromTrack = tracks.visible(by);
  const from = { track: fromTrack, x: scale.ready(step) };
  // Between two handles on the loop's own track an arrow would lie in the bar.
  return fromTrack === LOOP_TRACK && track === LOOP_TRACK ? undefined : { from, to };
}

/** Draws arrows between points on the canvas. */
export function drawArrow(
  context: Context,
  theme: Theme,
  [x0, y0]: readonly [Px, Px],
  [x1, y1]: readonly [Px, Px],
  cause: boolean,
): void {
  const down = y1 >= y0 ? 1 : -1;
  const bend = Math.max(18, Math.min(60, Math.abs(x1 - x0) / 2));
  for (const halo of [true, false]) {
    context.strokeStyle = halo ? theme.paper : theme.ink;
    context.fillStyle = halo ? theme.paper : theme.ink;
    context.lineWidth = halo ? 5 : cause ? 2 : 1.5;
    context.setLineDash(cause || halo ? [] : [4, 3]);
    context.beginPath();
    context.moveTo(x0, y0);
    if (Math.abs(y1 - y0) < 2) context.bezierCurveTo(x0, y0 - 26, x1 - 12, y1 - 26, x1, y1 - 8);
    else context.bezierCurveTo(x0, y0 + down * bend, x1 - bend, y1, x1 - 6, y1);
    context.stroke();
  }
  context.setLineDash([]);
  context.beginPath();
  if (Math.abs(y1 - y0) < 2) {
    context.moveTo(x1, y1 - 3);
    context.lineTo(x1 - 5, y1 - 11);
    context.lineTo(x1 + 4, y1 - 11);
  } else {
    context.moveTo(x1, y1);
    context.lineTo(x1 - 9, y1 - 4.5);
    context.lineTo(x1 - 9, y1 + 4.5);
  }
  context.closePath();
  context.fill();
  context.beginPath();
  context.roundRect(x0 - 3, y0 - 3, 6, 6, 3);
  context.fill();
}
