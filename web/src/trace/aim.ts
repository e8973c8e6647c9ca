/** Which part of a task's track is meant beside an event: what a selection is told by, in one run and in its like. */
import { State } from './reason';
import type { EventIndex, Id } from './trace';
import type { Segment, Tracks } from './tracks';

/** Of a step: what the task did before it ran (it was ready), after it (it waits), and after that, once its timer was due. */
export type Part = 'before' | 'run' | 'after' | 'due';

export interface Aim {
  task: Id;
  /** Undefined: its run if it is the event's own, else whatever the task did then. */
  part: Part | undefined;
}

/** What tells a segment again; undefined for the loop's. */
export function aimOf(tracks: Tracks, { track, index }: Segment): Aim | undefined {
  const task = tracks.taskOf(track);
  return task ? { task, part: partOf(tracks, track, index) } : undefined;
}

/** The segment that is meant; undefined where there is none. */
export function segmentOf(tracks: Tracks, event: EventIndex, aim: Aim | undefined): Segment | undefined {
  const track = aim ? tracks.trackOf(aim.task) : 0;
  if (!aim || track === 0) return tracks.show(event);
  const { changes, scale, trace } = tracks;
  const part = aim.part ?? 'run';
  for (
    let i = changes.findEvent(track, event);
    i < changes.count(track) && changes.event(track, i) === event;
    i++
  )
    if (partOf(tracks, track, i) === part) return tracks.segment(track, i);
  return event < trace.count ? tracks.at(track, scale.begin(event)) : undefined;
}

/** Undefined where nothing is shown. */
export function partOf(tracks: Tracks, track: number, index: number): Part | undefined {
  const { changes, trace } = tracks;
  const state = changes.state(track, index);
  if (state === State.NONE) return undefined;
  if (state === State.RUN) return 'run';
  if (changes.isDue(track, index)) return 'due';
  const next = index + 1 < changes.count(track) ? changes.state(track, index + 1) : State.NONE;
  const first = changes.event(track, index) === trace.tasks[track - 1]?.created;
  return first || next === State.RUN ? 'before' : 'after';
}
