/** The critical path as a layer: a ribbon around the stretches that determined the run's length, from task to task. */

import type { X } from '../trace/scale';
import { type EventIndex, Kind, type Link, type Trace } from '../trace/trace';
import type { Tracks } from '../trace/tracks';
import type { Px } from './layout';
import type { Scene } from './rows';

/** Half the ribbon's height beyond a run's. */
const MARGIN: Px = 4;

export function drawPath(scene: Scene, path: readonly Link[], midOf: (row: number) => Px, run: Px): void {
  const { context, theme, tracks } = scene;
  const half = run / 2 + MARGIN;
  context.save();
  context.strokeStyle = theme.error;
  context.lineWidth = 1.5;
  context.setLineDash([4, 2]);
  let last: [Px, Px] | undefined;
  for (const link of path) {
    const row = rowOf(tracks, link);
    if (row < 0) continue;
    const [from, to] = extent(tracks, link);
    const x = toPx(scene, from);
    const right = toPx(scene, to);
    const y = midOf(row);
    // From the task before to this one.
    if (last && last[1] !== y) {
      context.beginPath();
      context.moveTo(x, last[1]);
      context.lineTo(x, y);
      context.stroke();
    }
    if (right > x) {
      context.beginPath();
      context.roundRect(x, y - half, right - x, half * 2, 4);
      context.stroke();
    }
    last = [right, y];
  }
  context.restore();
}

/** Where a link lies: from the end of the step before a wait; within a step; or up to the step that stood in line. */
function extent(tracks: Tracks, { task, event, begin, end }: Link): [X, X] {
  const { trace, scale } = tracks;
  if (event >= trace.count) return [scale.reaches(begin), scale.reaches(end)];
  if (begin === end && isStep(trace, event)) {
    // A task starts another, whose first step it is; or it was woken after this step: where that one became ready.
    const starts = trace.subject.at(event) !== task;
    const step = starts ? event : tracks.stepsAround(tracks.trackOf(task), event)[1];
    const x = step < 0 ? scale.end(event) : scale.ready(step);
    return [x, x];
  }
  if (trace.t.at(event) >= end && begin < end) return [scale.reaches(begin), scale.begin(event)];
  if (trace.end.at(event) <= begin) {
    const from = scale.end(event);
    return [from, Math.max(from, scale.reaches(end))];
  }
  return [scale.begin(event), scale.end(event)];
}

function isStep(trace: Trace, event: EventIndex): boolean {
  return trace.kind.at(event) === Kind.STEP;
}

function rowOf(tracks: Tracks, { task }: Link): number {
  return tracks.rowOf(tracks.trackOf(task));
}

function toPx(scene: Scene, x: number): Px {
  return scene.left + (x - scene.x0) / scene.dx;
}
