/** The critical path as a layer: a ribbon around the stretches that determined the run's length, from task to task. */

import type { X } from '../trace/scale';
import type { Link } from '../trace/trace';
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
    context.beginPath();
    // From the task before to this one.
    if (last && last[1] !== y) {
      context.moveTo(x, last[1]);
      context.lineTo(x, y);
    }
    if (right > x) context.roundRect(x, y - half, right - x, half * 2, 4);
    context.stroke();
    last = [right, y];
  }
  context.restore();
}

/** Where a link lies: from the end of the step before a wait; within a step; or up to the step that stood in line. */
function extent({ trace, scale }: Tracks, { event, begin, end }: Link): [X, X] {
  if (event >= trace.count) return [scale.reaches(begin), scale.reaches(end)];
  if (trace.t.at(event) >= end && begin < end) return [scale.reaches(begin), scale.begin(event)];
  if (trace.end.at(event) <= begin) {
    const from = scale.end(event);
    return [from, begin < end ? Math.max(from, scale.reaches(end)) : from];
  }
  return [scale.begin(event), scale.end(event)];
}

function rowOf(tracks: Tracks, { task }: Link): number {
  return tracks.rowOf(tracks.trackOf(task));
}

function toPx(scene: Scene, x: number): Px {
  return scene.left + (x - scene.x0) / scene.dx;
}
