/** Draws the tracks: pixels where they are dense, shapes with labels where there is room, and marks on top. */
import { trackLabel } from '../trace/describe';
import { awaited, State } from '../trace/reason';
import type { X } from '../trace/scale';
import { countUpTo } from '../trace/search';
import { type EventIndex, How, type Id, Kind } from '../trace/trace';
import { LOOP_TRACK, type Segment, type Tracks } from '../trace/tracks';
import type { Px } from './layout';
import {
  type Context,
  drawCancel,
  drawEnd,
  drawLabel,
  drawOutput,
  drawRun,
  drawTurn,
  drawWait,
  type Place,
  waitHeight,
} from './shapes';
import type { RowPicture } from './strips';
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

/** `mid` is the row's middle, `height` that of a run. */
export function drawRow(scene: Scene, picture: RowPicture, mid: Px, height: Px): void {
  const { tracks } = scene;
  const wait = waitHeight(height);
  scene.dense?.(picture.track, 'wait', mid - wait / 2, wait);
  const moved = picture.x0 !== scene.x0 || picture.dx !== scene.dx / scene.ratio;
  for (let k = 0; k < picture.shapes.length; k += 3) {
    const segment = tracks.segment(picture.track, picture.shapes[k] as number);
    if (!segment || segment.state === State.NONE) continue;
    // Snapped edges of the raster, except while the picture waits to be made anew.
    const x = moved ? toPx(scene, segment.x0) : scene.left + (picture.shapes[k + 1] as number) / scene.ratio;
    const right = moved
      ? toPx(scene, segment.x1)
      : scene.left + (picture.shapes[k + 2] as number) / scene.ratio;
    drawSegment(scene, segment, {
      x: Math.max(x, scene.left - 20),
      right: Math.min(right, scene.right + 20),
      mid,
      height,
    });
  }
  scene.dense?.(picture.track, 'run', mid - height / 2, height);
  drawMarks(scene, picture.track, mid - height / 2);
  drawOutcome(scene, picture.track, mid, height);
}

function toPx(scene: Scene, x: X): Px {
  return scene.left + (x - scene.x0) / scene.dx;
}

function drawSegment(scene: Scene, segment: Segment, place: Place): void {
  const { context, theme, tracks } = scene;
  const seen = [scene.left, scene.right] as const;
  const { trace } = tracks;
  if (segment.state === State.RUN && segment.track === LOOP_TRACK) {
    drawTurn(context, theme, place, isCallback(tracks, segment));
    drawLabel(
      context,
      turnLabel(tracks, segment),
      { color: theme.ink, font: theme.label, size: theme.size },
      place,
      seen,
    );
  } else if (segment.state === State.RUN) {
    drawRun(context, theme, place, segment.open && segment.event >= trace.count);
    const label = `step ${stepNumber(tracks, segment)}`;
    drawLabel(context, label, { color: theme.onRun, font: theme.strong, size: theme.size }, place, seen);
  } else {
    const ready = segment.state === State.READY;
    const style = { color: theme.ink, font: theme.label, size: theme.size, whole: ready };
    const labelPlace = { ...place, mid: place.mid - (ready ? 0 : 1) };
    drawWait(context, theme, segment.state, place, () => {
      for (const words of waitLabels(tracks, segment)) {
        const end = drawLabel(context, words, style, labelPlace, seen);
        if (end !== undefined) return end;
      }
      return undefined;
    });
  }
}

function isCallback({ trace }: Tracks, { event }: Segment): boolean {
  return event < trace.count && trace.kind.at(event) === Kind.CALLBACK;
}

/** What stands in a run on the loop's track: who runs. */
function turnLabel(tracks: Tracks, { event }: Segment): string {
  const { trace } = tracks;
  const subject = (event < trace.count ? trace.subject.at(event) : trace.running.subject) as Id;
  const task = tracks.trackOf(subject);
  if (task !== LOOP_TRACK) return trackLabel(tracks, task);
  return event < trace.count ? (trace.text(trace.aux.at(event)).split('.').at(-1) ?? '') : 'callback';
}

/** What may stand in a wait, the best first. */
function waitLabels(tracks: Tracks, segment: Segment): string[] {
  const { trace } = tracks;
  const { track, state, event } = segment;
  if (track === LOOP_TRACK) return ['idle'];
  if (tracks.isDue(segment)) return ['due, the loop is busy', 'due'];
  const words = event < trace.count ? awaited(trace, event) : '';
  return state === State.READY && trace.how.at(event) !== How.YIELDED ? ['ready'] : [words];
}

function stepNumber(tracks: Tracks, { track, event }: Segment): number {
  return countUpTo(tracks.stepsOf(track), event - 1) + 1;
}

/** Output as ticks on the run that printed, requests to cancel as arrowheads; at most one a pixel. */
function drawMarks(scene: Scene, track: number, top: Px): void {
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
    if (trace.kind.at(row) === Kind.CANCEL) drawCancel(context, theme, px, top);
    else drawOutput(context, trace.how.at(row) === How.STDERR ? theme.error : theme.ink, px, top);
    k = after(scene.x0 + (px + 1 - scene.left) * scene.dx, k + 1);
  }
}

/** How a task ended, right of its last run. */
function drawOutcome(scene: Scene, track: number, mid: Px, height: Px): void {
  const { context, theme, tracks } = scene;
  const { trace } = tracks;
  const task = trace.task(tracks.taskOf(track));
  if (!task || task.lastStep < 0) return;
  const how = trace.how.at(task.lastStep);
  const raised = how === How.RAISED || how === How.INTERRUPTED;
  if (!raised && how !== How.CANCELLED) return;
  const x = toPx(scene, tracks.scale.end(task.lastStep));
  if (x < scene.left - 16 || x > scene.right) return;
  drawEnd(context, theme, raised ? 'raised' : 'cancelled', x, mid, height);
  const text = raised ? trace.text(trace.aux.at(task.lastStep)) || 'interrupted' : 'cancelled';
  const place = { x: x + (raised ? 14 : 10), right: scene.right, mid };
  const style = { color: theme.error, font: theme.strong, size: theme.size, whole: true };
  drawLabel(context, text, style, place, [scene.left, scene.right]);
}
