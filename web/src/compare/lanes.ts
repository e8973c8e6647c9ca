/** Two runs on one axis: the segments of their tasks, as shares of the longer run's length. */
import { State } from '../trace/reason';
import { idealBeta } from '../trace/scale';
import type { Task, Trace } from '../trace/trace';
import { LOOP_TRACK, Tracks } from '../trace/tracks';

export interface Bar {
  state: State;
  /** From 0 to 1. */
  from: number;
  to: number;
}

/** A bar narrower than this share would not be seen; what ran is, all the same. */
const THIN = 1 / 2000;
/** Bars of one lane: more than there are pixels. */
const MOST = 2000;

export interface Lanes {
  /** Every step has a width of its own, beside that of its time. */
  turns: boolean;
  /** The bars of a task, from left to right. */
  bars(side: 0 | 1, task: Task): Bar[];
  /** Where an event began. */
  at(side: 0 | 1, event: number): number;
}

export function lanesOf(traces: readonly [Trace, Trace]): Lanes {
  // Tracks of their own: both have one scale here, whatever the timeline's is.
  const tracks = traces.map((trace) => {
    const own = new Tracks(trace);
    own.update();
    return own;
  }) as [Tracks, Tracks];
  const turns = tracks.some(({ scale }) => scale.preferred() === 'turns');
  const clock = Math.max(...traces.map(({ now }) => now));
  const runs = Math.max(...tracks.map(({ scale }) => scale.runs.count));
  for (const { scale } of tracks) scale.beta = turns ? idealBeta(clock, runs) : 0;
  const whole = Math.max(...tracks.map(({ scale }) => scale.now())) || 1;
  return {
    turns,
    bars: (side, task) => barsOf(tracks[side], task, whole),
    at: (side, event) => tracks[side].scale.begin(event) / whole,
  };
}

function barsOf(tracks: Tracks, task: Task, whole: number): Bar[] {
  const bars: Bar[] = [];
  const track = tracks.trackOf(task.id);
  if (track === LOOP_TRACK) return bars;
  for (const { state, x0, x1 } of tracks.within(track, -Infinity, Infinity)) {
    const [from, to] = [x0 / whole, Math.max(x1 / whole, state === State.RUN ? x0 / whole + THIN : 0)];
    const last = bars.at(-1);
    if (to - from < THIN && state !== State.RUN) continue;
    // What would cover the same pixel is there already.
    if (last?.state === state && from - last.to < THIN) last.to = Math.max(last.to, to);
    else bars.push({ state, from, to });
    if (bars.length === MOST) break;
  }
  return bars;
}
