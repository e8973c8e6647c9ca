/** Draws the tracks: pixels where they are dense, shapes with labels where there is room, and marks on top. */
import { awaited, State } from '../trace/reason';
import type { X } from '../trace/scale';
import { type EventIndex, How, type Id, Kind } from '../trace/trace';
import { LOOP_TRACK, type Segment, type Tracks } from '../trace/tracks';
import { trackLabel } from '../trace/describe';
import type { Px } from './layout';
import type { RowPicture } from './strips';
import { type Context, drawCancel, drawEnd, drawLabel, drawRun, drawWait, type Place, RUN_HEIGHT, WAIT_HEIGHT } from './shapes';
import type { Theme } from './theme';

/** What a row is drawn on and from. Positions are CSS pixels; `x0` and `dx` are the window, per CSS pixel. */
export interface Scene {
  context: Context;
  theme: Theme;
  tracks: Tracks;
  x0: X;
  dx: number;
  /** Edges of the plot. */
  left: Px;
  right: Px;
  ratio: number;
  /** Draws a row's dense pixels; left out in tests of shapes. */
  dense?: (track: number, what: 'wait' | 'run', top: Px, height: Px) => void;
}

export function drawRow(scene: Scene, picture: RowPicture, mid: Px): void {
  const { tracks } = scene;
  scene.dense?.(picture.track, 'wait', mid - WAIT_HEIGHT / 2, WAIT_HEIGHT);
  const moved = picture.x0 !== scene.x0 || picture.dx !== scene.dx / scene.ratio;
  for (let k = 0; k < picture.shapes.length; k += 3) {
    const segment = tracks.segment(picture.track, picture.shapes[k] as number);
    if (!segment || segment.state === State.NONE) continue;
    // Snapped edges of the raster, except while the picture waits to be made anew.
    const x = moved ? toPx(scene, segment.x0) : scene.left + (picture.shapes[k + 1] as number) / scene.ratio;
    const right = moved ? toPx(scene, segment.x1) : scene.left + (picture.shapes[k + 2] as number) / scene.ratio;
    drawSegment(scene, segment, {
      x: Math.max(x, scene.left - 20),
      right: Math.min(right, scene.right + 20),
      mid,
    });
  }
  scene.dense?.(picture.track, 'run', mid - RUN_HEIGHT / 2, RUN_HEIGHT);
  drawMarks(scene, picture.track, mid);
  drawOutcome(scene, picture.track, mid);
}

function toPx(scene: Scene, x: X): Px {
  return scene.left + (x - scene.x0) / scene.dx;
}

function drawSegment(scene: Scene, segment: Segment, place: Place): void {
  const { context, theme, tracks } = scene;
  const seen = [scene.left, scene.right] as const;
  const { trace } = tracks;
  if (segment.state === State.RUN) {
    drawRun(context, theme, place, segment.open && segment.event >= trace.count);
    drawLabel(context, runLabel(tracks, segment), theme.onRun, `500 11px ${theme.font}`, place, seen);
    return;
  }
  drawWait(context, theme, segment.state, place);
  const label = waitLabel(tracks, segment);
  const paper = segment.state === State.READY ? theme.paper : undefined;
  drawLabel(context, label, theme.ink, `11px ${theme.font}`, { ...place, mid: place.mid - 1 }, seen, paper);
}

/** What stands in a run: on the loop's track who runs; on a task's the number of the step. */
function runLabel(tracks: Tracks, { track, event, index }: Segment): string {
  const { trace } = tracks;
  if (track !== LOOP_TRACK) return `step ${stepNumber(tracks, track, index)}`;
  const subject = (event < trace.count ? trace.subject[event] : trace.running.subject) as Id;
  const task = tracks.trackOf(subject);
  if (task !== LOOP_TRACK) return trackLabel(tracks, task);
  return event < trace.count ? (trace.text(trace.aux[event] as number).split('.').at(-1) ?? '') : 'callback';
}

function waitLabel(tracks: Tracks, { track, state, event }: Segment): string {
  const { trace } = tracks;
  if (track === LOOP_TRACK) return 'idle';
  if (state === State.READY) return 'ready';
  return event < trace.count ? awaited(trace, event) : '';
}

function stepNumber(tracks: Tracks, track: number, index: number): number {
  const event = tracks.changes.event(track, index);
  const steps = tracks.stepsOf(track);
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((steps[mid] as number) < event) low = mid + 1;
    else high = mid;
  }
  return low + 1;
}

/** Output as ticks on the run that printed, requests to cancel as arrowheads; at most one a pixel. */
function drawMarks(scene: Scene, track: number, mid: Px): void {
  const { context, theme, tracks } = scene;
  const { trace, scale } = tracks;
  const marks = tracks.marksOf(track);
  const at = (k: number): X => scale.begin(marks[k] as EventIndex);
  const after = (x: X, from: number): number => {
    let low = from;
    let high = marks.length;
    while (low < high) {
      const half = (low + high) >>> 1;
      if (at(half) <= x) low = half + 1;
      else high = half;
    }
    return low;
  };
  const end = scene.x0 + (scene.right - scene.left) * scene.dx;
  for (let k = after(scene.x0, 0); k < marks.length; ) {
    const x = at(k);
    if (x > end) return;
    const row = marks[k] as EventIndex;
    const px = Math.round(toPx(scene, x));
    if (trace.kind[row] === Kind.CANCEL) drawCancel(context, theme, px, mid);
    else {
      context.fillStyle = trace.how[row] === How.STDERR ? theme.error : theme.ink;
      context.fillRect(px - 1, mid - RUN_HEIGHT / 2 - 4, 2, 3);
    }
    k = after(scene.x0 + (px + 1 - scene.left) * scene.dx, k + 1);
  }
}

/** How a task ended, right of its last run. */
function drawOutcome(scene: Scene, track: number, mid: Px): void {
  const { context, theme, tracks } = scene;
  const { trace } = tracks;
  const task = trace.task(tracks.taskOf(track));
  if (!task || task.lastStep < 0) return;
  const how = trace.how[task.lastStep] as number;
  const raised = how === How.RAISED || how === How.INTERRUPTED;
  if (!raised && how !== How.CANCELLED) return;
  const x = toPx(scene, tracks.scale.end(task.lastStep));
  if (x < scene.left - 16 || x > scene.right) return;
  drawEnd(context, theme, raised ? 'raised' : 'cancelled', x, mid);
  const text = raised ? trace.text(trace.aux[task.lastStep] as number) || 'interrupted' : 'cancelled';
  const place = { x: x + (raised ? 14 : 6), right: scene.right, mid };
  drawLabel(context, text, theme.error, `500 11px ${theme.font}`, place, [scene.left, scene.right]);
}
