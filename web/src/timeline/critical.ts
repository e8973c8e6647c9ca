/** The critical path as a layer: a ribbon around the stretches that determined the run's length, from task to task. */

import type { X } from '../trace/scale';
import { type EventIndex, Kind, type Link, type Seconds, type Trace } from '../trace/trace';
import type { Tracks } from '../trace/tracks';
import type { Px } from './layout';
import type { Scene } from './rows';
import type { Context } from './shapes';
import type { Theme } from './theme';

/** Half the ribbon's height beyond a run's. */
const MARGIN: Px = 4;
const LINE: Px = 1.5;
const DASH: Px[] = [4, 2];
/** Seconds: sums of times differ in their last digits, and what is due at one moment happens at that moment. */
const SAME = 1e-9;

export function drawPath(scene: Scene, path: readonly Link[], midOf: (row: number) => Px, run: Px): void {
  const { context, theme, tracks } = scene;
  const half = run / 2 + MARGIN;
  context.save();
  // Ink: nothing is wrong here, and every eye tells it from what it surrounds.
  context.strokeStyle = theme.ink;
  context.lineWidth = LINE;
  context.setLineDash(DASH);
  let last: { x: Px; y: Px; starts: boolean } | undefined;
  for (const link of path) {
    const row = rowOf(tracks, link);
    if (row < 0) continue;
    const [from, to] = extent(tracks, link);
    const x = toPx(scene, from);
    const right = toPx(scene, to);
    const y = midOf(row) + half;
    // Below the runs that took no time, and from task to task at the moment in which one starts or wakes the other.
    if (last && (last.y !== y || last.x < x)) {
      const turn = last.starts ? last.x : x;
      context.beginPath();
      context.moveTo(Math.min(last.x, turn), last.y);
      if (last.y !== y) {
        context.lineTo(turn, last.y);
        context.lineTo(turn, y);
      }
      context.lineTo(x, y);
      context.stroke();
    }
    if (right > x) {
      context.beginPath();
      context.roundRect(x, y - half * 2, right - x, half * 2, 4);
      context.stroke();
    }
    last = { x: Math.max(x, right), y, starts: startsAnother(tracks.trace, link) };
  }
  context.restore();
}

/** The ribbon in small, for the legend. */
export function drawSample(context: Context, theme: Theme, x: Px, right: Px, mid: Px, height: Px): void {
  context.strokeStyle = theme.ink;
  context.lineWidth = LINE;
  context.setLineDash(DASH);
  context.beginPath();
  context.roundRect(x + 1, mid - height / 2 + 2, right - x - 2, height - 4, 4);
  context.stroke();
  context.setLineDash([]);
}

/** Where a link lies: from the end of the step before a wait; within a step; or up to the step that stood in line. */
function extent(tracks: Tracks, { task, event, begin, end }: Link): [X, X] {
  const { trace, scale } = tracks;
  const reaches = (clock: Seconds): X => scale.reaches(clock - SAME);
  if (event >= trace.count) return [reaches(begin), reaches(end)];
  if (begin === end && isStep(trace, event)) {
    // A task starts another, whose first step it is; or it was woken after this step: where that one became ready.
    const step = startsAnother(trace, { task, event })
      ? event
      : tracks.stepsAround(tracks.trackOf(task), event)[1];
    const x = step < 0 ? scale.end(event) : scale.ready(step);
    return [x, x];
  }
  if (trace.t.at(event) >= end && begin < end) return [reaches(begin), scale.begin(event)];
  if (isStep(trace, event) && trace.end.at(event) <= begin + SAME) {
    const from = scale.end(event);
    // It waits until its next step is ready; a timer may be due before the loop comes to it.
    const next = tracks.stepsAround(tracks.trackOf(task), event)[1];
    const woken = next >= 0 && trace.ready.at(next) <= end + SAME;
    return [from, Math.max(from, woken ? scale.ready(next) : reaches(end))];
  }
  if (trace.kind.at(event) === Kind.TIMER) return [scale.begin(event), reaches(end)];
  return [scale.begin(event), scale.end(event)];
}

/** Whether a link is the moment in which a task starts another: its event is that one's first step. */
function startsAnother(trace: Trace, { task, event }: Pick<Link, 'task' | 'event'>): boolean {
  return event < trace.count && isStep(trace, event) && trace.subject.at(event) !== task;
}

function isStep(trace: Trace, event: EventIndex): boolean {
  return trace.kind.at(event) === Kind.STEP;
}

/** The row of a link's task; -1: it is of a callback, or of what the program does outside of its loops. */
function rowOf(tracks: Tracks, { task }: Link): number {
  return tracks.trace.task(task) ? tracks.rowOf(tracks.trackOf(task)) : -1;
}

function toPx(scene: Scene, x: number): Px {
  return scene.left + (x - scene.x0) / scene.dx;
}
