/** Which segment is meant: by a point on the stage, by a row, by a key. Nothing here changes anything. */
import { type Part, partOf, segmentOf } from '../trace/aim';
import { stepOf } from '../trace/describe';
import { isHousekeeping } from '../trace/own';
import { State } from '../trace/reason';
import type { X } from '../trace/scale';
import { type EventIndex, Kind } from '../trace/trace';
import { LOOP_TRACK, type Segment, type Tracks } from '../trace/tracks';
import type { Layout, Px } from './layout';
import type { Viewport } from './viewport';

/** The pointer finds what ran this far away. */
const NEAR: Px = 4;
/** What looks like a line of steps is not searched to its end. */
const MOST = 64;

/** Where the playhead stands for an event: on a step's bar; where the loop waits, when the clock says it began to. */
export function playheadAt({ trace, scale }: Tracks, event: EventIndex): X {
  const begin = scale.begin(event);
  return trace.kind.at(event) === Kind.IDLE ? begin : (begin + scale.end(event)) / 2;
}

/** What stays the same of a segment while its trace grows. */
export interface Landmark extends Pick<Segment, 'track' | 'event' | 'state'> {
  part: Part | undefined;
}

export function landmark(tracks: Tracks, { track, index, event, state }: Segment): Landmark {
  return { track, event, state, part: partOf(tracks, track, index) };
}

/** The segment of a landmark. What was in progress then had the trace's count for an event; its own came later. */
export function findAgain(tracks: Tracks, mark: Landmark): Segment | undefined {
  const { changes } = tracks;
  const { track, event, state } = mark;
  // A step may follow being ready and lead to it again.
  if (track !== LOOP_TRACK && mark.part) {
    const found = segmentOf(tracks, event, { task: tracks.taskOf(track), part: mark.part });
    if (found?.event === event && found.state === state) return found;
  }
  for (let i = changes.findEvent(track, event); i < changes.count(track); i++) {
    const now = changes.state(track, i);
    if (now === state || (track === LOOP_TRACK && isIdle(now) && isIdle(state)))
      return tracks.segment(track, i);
  }
  return undefined;
}

/** What ends an idle stretch is known at its end. */
function isIdle(state: State): boolean {
  return state === State.SLEEP || state === State.IO;
}

/** The row of the tree at a height of the stage; -1: above all rows, or among the lanes. */
export function rowAt(layout: Layout, view: Viewport, y: Px): number {
  if (y < layout.loopTop || (y >= layout.lanesTop && y < layout.rowsTop)) return -1;
  return y < layout.lanesTop ? 0 : Math.floor((y - layout.rowsTop + view.top) / layout.row) + 1;
}

/** The segment at a point of the stage; what ran wins over what surrounds it. */
export function segmentAt(tracks: Tracks, layout: Layout, view: Viewport, x: Px, y: Px): Segment | undefined {
  const track = tracks.tree()[rowAt(layout, view, y)]?.track;
  if (track === undefined || track < 0 || x < layout.gutter) return undefined;
  const at = view.toX(x - layout.gutter);
  const found = tracks.at(track, at);
  if (found?.state === State.RUN) return found;
  let best: Segment | undefined;
  let distance = NEAR * view.dx;
  let looked = 0;
  for (const near of tracks.within(track, at - distance, at + distance)) {
    if (looked++ > MOST) break;
    if (near.state !== State.RUN) continue;
    const off = Math.max(0, near.x0 - at, at - near.x1);
    if (off <= distance) [best, distance] = [near, off];
  }
  // A wait that is wide enough to be pointed at is overruled by its very neighbourhood only.
  const roomy = found !== undefined && found.x1 - found.x0 > 3 * NEAR * view.dx;
  return best && !(roomy && distance > (NEAR / 2) * view.dx) ? best : found;
}

/** The segment of a row at x, else the first one after it, else the last one before it. */
export function segmentOnRow(tracks: Tracks, row: number, x: X): Segment | undefined {
  const track = tracks.tree()[row]?.track;
  if (track === undefined || track < 0) return undefined;
  const at = tracks.at(track, x);
  if (at && canStop(at)) return at;
  const i = tracks.changes.find(track, x);
  return neighbour(tracks, { track, index: i }, 1) ?? neighbour(tracks, { track, index: i }, -1);
}

/** Waits of no length are no place to stop at; what ran always is. */
function canStop({ state, x0, x1 }: Segment): boolean {
  return state === State.RUN || (state !== State.NONE && x1 > x0);
}

/** The segment before or after one on its track. */
export function neighbour(
  tracks: Tracks,
  { track, index }: Pick<Segment, 'track' | 'index'>,
  by: -1 | 1,
): Segment | undefined {
  for (let i = index + by; ; i += by) {
    const segment = tracks.segment(track, i);
    if (!segment) return undefined;
    if (canStop(segment)) return segment;
  }
}

/** The run before or after a segment, in the order in which the loop ran them; from nowhere: the first or last. */
export function neighbourRun(tracks: Tracks, segment: Segment | undefined, by: -1 | 1): Segment | undefined {
  const { runs } = tracks.scale;
  let k = by > 0 ? 0 : runs.count - 1;
  if (segment?.state === State.RUN) {
    const own = runs.runOf(segment.event);
    k = own < 0 ? (by > 0 ? runs.count : runs.count - 1) : own + by;
  } else if (segment) {
    // From a wait: on to the step it leads to, or back to the one it followed.
    const event: EventIndex = by > 0 ? stepOf(tracks, segment) : segment.event;
    k = event < 0 ? -1 : runs.runOf(event);
  }
  // What asyncio runs for itself is passed over.
  while (k >= 0 && k < runs.count && isHousekeeping(tracks.trace, runs.rowOf(k))) k += by;
  return k >= 0 && k < runs.count ? tracks.show(runs.rowOf(k)) : undefined;
}

/** The run at x, or the last one before it, as the track of its task shows it. */
export function runAt(tracks: Tracks, x: X): Segment | undefined {
  const { changes, trace } = tracks;
  for (let i = Math.max(0, changes.find(LOOP_TRACK, x)); i >= 0; i--) {
    const event = changes.event(LOOP_TRACK, i);
    if (changes.state(LOOP_TRACK, i) !== State.RUN || event >= trace.count) continue;
    if (!isHousekeeping(trace, event)) return tracks.show(event);
  }
  return undefined;
}
