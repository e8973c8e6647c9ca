/**
 * The critical path as a layer: a bar below each stretch that determined the run's length, and a thin line from one to the
 * next. Between two tasks the line goes behind what lies there, so that it crosses no words:
 *
 *     main   ▇░TaskGroup░░░░░░░
 *             │
 *     other   ▇░░░ sleep ░░▇          behind it
 *             │
 *     load    ╱▇░ sleep ░░░▇
 *             └──▀▀▀▀▀▀▀▀▀▀
 */

import type { X } from '../trace/scale';
import { type EventIndex, Kind, type Link, type Seconds, type Trace } from '../trace/trace';
import { LOOP_TRACK, type Tracks } from '../trace/tracks';
import type { Px } from './layout';
import type { Scene } from './rows';
import type { Context } from './shapes';
import type { Theme } from './theme';

/** From the edge of what runs to the middle of the bar. */
const MARGIN: Px = 4;
const BAR: Px = 3;
/** With more links what lies between two tasks is not asked for: nobody could see it. */
const MANY = 300;
/** Seconds: sums of times differ in their last digits, and what is due at one moment happens at that moment. */
const SAME = 1e-9;

/** `rows`: those on screen, [first, last). */
export function drawPath(
  scene: Scene,
  path: readonly Link[],
  midOf: (row: number) => Px,
  run: Px,
  rows: readonly [number, number],
): void {
  const { context, theme, tracks } = scene;
  const half = run / 2 + MARGIN;
  context.save();
  // Ink: nothing is wrong here, and every eye tells it from what it stands below.
  context.strokeStyle = theme.ink;
  context.fillStyle = theme.ink;
  context.lineWidth = 1;
  const line = (x0: Px, y0: Px, x1: Px, y1: Px): void => {
    if (x0 === x1 && y0 === y1) return;
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  };
  let last: { row: number; x: Px; starts: boolean } | undefined;
  for (const link of path) {
    const row = rowOf(tracks, link);
    if (row < 0) continue;
    const [from, to] = extent(tracks, link);
    const x = toPx(scene, from);
    const right = toPx(scene, to);
    const y = midOf(row) + half;
    if (last) {
      // From task to task at the moment in which one starts or wakes the other.
      const turn = crisp(last.starts ? last.x : x);
      const before = midOf(last.row) + half;
      line(last.x, before, turn, before);
      if (row !== last.row)
        for (const [y0, y1] of uprights(
          scene,
          turn,
          [last.row, row],
          midOf,
          run,
          path.length > MANY ? [0, 0] : rows,
        ))
          line(turn, y0, turn, y1);
      line(turn, y, x, y);
    }
    if (right > x) {
      context.beginPath();
      context.roundRect(x, y - BAR / 2, right - x, BAR, BAR / 2);
      context.fill();
    }
    last = { row, x: Math.max(x, right), starts: startsAnother(tracks.trace, link) };
  }
  context.restore();
}

/** Where the line from below one row to below another can be seen: what a row shows there lies before it. */
function uprights(
  scene: Scene,
  turn: Px,
  [from, to]: readonly [number, number],
  midOf: (row: number) => Px,
  run: Px,
  [first, end]: readonly [number, number],
): [Px, Px][] {
  const { tracks, x0, dx, left, right } = scene;
  const upper = Math.min(from, to);
  const lower = Math.max(from, to);
  const parts: [Px, Px][] = [];
  let y = midOf(upper) + run / 2 + MARGIN;
  if (turn < left || turn > right) return parts;
  for (let row = Math.max(upper + 1, first); row <= lower && row < end; row++) {
    const track = tracks.tree()[row]?.track ?? LOOP_TRACK;
    const covers = (px: Px): boolean => tracks.at(track, x0 + (turn + px - left) * dx) !== undefined;
    // What begins or ends close to it is touched by it.
    if (track <= LOOP_TRACK || !(covers(-1) || covers(3))) continue;
    parts.push([y, midOf(row) - run / 2 - 1]);
    y = midOf(row) + run / 2 + 1;
  }
  parts.push([y, midOf(lower) + run / 2 + MARGIN]);
  return parts;
}

/** The middle of a pixel: a line there is one pixel wide. */
function crisp(x: Px): Px {
  return Math.round(x) + 0.5;
}

/** The path in small, for the legend: a bar, and the line to the next one. */
export function drawSample(context: Context, theme: Theme, x: Px, right: Px, mid: Px): void {
  const half = (right - x) / 2;
  context.fillStyle = theme.ink;
  context.strokeStyle = theme.ink;
  context.lineWidth = 1;
  for (const [from, y] of [
    [x, mid - 5],
    [x + half, mid + 4],
  ] as const) {
    context.beginPath();
    context.roundRect(from, y - BAR / 2, half, BAR, BAR / 2);
    context.fill();
  }
  const turn = crisp(x + half - 1);
  context.beginPath();
  context.moveTo(turn, mid - 5);
  context.lineTo(turn, mid + 4);
  context.stroke();
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
