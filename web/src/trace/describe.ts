/** A segment told in words: who, what, on which line, how long, why. For the hover card, the live region, the reader. */

import { cause } from './cause';
import { counted } from './counted';
import { dueBefore } from './due';
import { awaited, duration, ownSite, State, taskLabel } from './reason';
import { isRun } from './runs';
import { countUpTo } from './search';
import { type EventIndex, How, Kind, type Trace } from './trace';
import { LOOP_TRACK, type Segment, type Tracks } from './tracks';

export interface Told {
  who: string;
  what: string;
  /** 'line 12'; empty: unknown. */
  line: string;
  /** 'for 50 ms', 'at 0 s'. */
  when: string;
  /** 'woken by put in producer, line 7'; empty: nothing to tell. */
  cause: string;
  /** 'waited 3 turns in the ready queue'; empty: nothing to tell. */
  queued: string;
}

export function describe(tracks: Tracks, segment: Segment): Told {
  const { trace } = tracks;
  const { event, track } = segment;
  const told: Told = {
    who: trackLabel(tracks, track),
    what: '',
    line: '',
    when: when(tracks, segment),
    cause: '',
    queued: '',
  };
  if (track === LOOP_TRACK) {
    told.what = loopDoes(trace, segment);
    if (segment.state === State.RUN && event < trace.count) told.cause = cause(trace, event);
    return told;
  }
  const next = stepOf(tracks, segment);
  if (segment.state === State.RUN)
    told.what =
      event < trace.count
        ? stepWords(tracks, track, event)
        : trace.exit
          ? 'was running when the program was ended'
          : 'is running now';
  else if (segment.state === State.READY)
    told.what = tracks.isDue(segment) ? dueWords(tracks, segment) : 'is ready and waits for its turn';
  else {
    // Who holds it may have changed since the wait began.
    const now = segment.open ? trace.count : event;
    told.what = `waits for ${awaited(trace, event, now) || 'something unknown'}`;
  }
  if (event < trace.count && trace.kind.at(event) === Kind.STEP && segment.state !== State.READY) {
    const site = ownSite(trace, event);
    if (site) told.line = `line ${site.line}`;
  }
  if (next >= 0) {
    told.cause = cause(trace, next);
    if (isRun(trace, next)) told.queued = queued(tracks, next);
  }
  return told;
}

/** One sentence: 'foo waits for sleep(0.05), line 6, for 50 ms; its timer came due'. */
export function sentence({ who, what, line, when, cause: why }: Told): string {
  return `${[`${who} ${what}`, line, when].filter(Boolean).join(', ')}${why ? `; ${why}` : ''}`;
}

export function trackLabel(tracks: Tracks, track: number): string {
  return track === LOOP_TRACK ? 'loop' : tracks.label(track, taskLabel);
}

/** State of a track at the trace's end, in a word or two: 'finished', 'raised ValueError', 'waits for gather'. */
export function outcome(tracks: Tracks, track: number): string {
  const { trace, changes } = tracks;
  if (track === LOOP_TRACK) return trace.exit ? 'ended' : trace.running.subject ? 'busy' : 'idle';
  const task = trace.task(tracks.taskOf(track));
  if (!task) return '';
  const last = task.lastStep;
  if (task.outcome === How.RETURNED) return 'finished';
  if (task.outcome === How.RAISED) return `raised ${trace.text(trace.aux.at(last)) || 'an exception'}`;
  if (task.outcome === How.CANCELLED) return 'cancelled';
  if (last >= 0 && trace.how.at(last) === How.INTERRUPTED)
    return `ended by ${trace.text(trace.aux.at(last)) || 'an interrupt'}`;
  if (task.destroyed >= 0) return 'destroyed';
  const present = tracks.segment(track, changes.count(track) - 1);
  const state = present?.state ?? State.NONE;
  if (state === State.RUN) return trace.exit ? 'interrupted' : 'runs';
  if (state === State.READY) return present && tracks.isDue(present) ? 'due, the loop is busy' : 'ready';
  if (state === State.NONE) return 'interrupted';
  return `waits for ${awaited(trace, last, trace.count) || 'something unknown'}`;
}

/** A stretch of being due: who keeps it waiting. */
function dueWords({ trace, scale }: Tracks, { event }: Segment): string {
  const busy = dueBefore(trace, scale.runs, event, Infinity)?.busy ?? trace.count;
  const who = busy < trace.count ? trace.subject.at(busy) : trace.running.subject;
  return `is due, but ${taskLabel(trace, who)} keeps the loop busy`;
}

/** '1 step', '12 steps'. */
export function stepsWord(count: number): string {
  return `${counted(count)} ${count === 1 ? 'step' : 'steps'}`;
}

/** '1 handle', '12 handles'. */
export function handlesWord(count: number): string {
  return `${counted(count)} ${count === 1 ? 'handle' : 'handles'}`;
}

/** The step a segment is, or leads to; -1: none yet. */
export function stepOf(tracks: Tracks, { track, index }: Segment): EventIndex {
  const { changes, trace } = tracks;
  for (let i = index; i < changes.count(track) && i < index + 4; i++) {
    if (changes.state(track, i) === State.RUN)
      return changes.event(track, i) < trace.count ? changes.event(track, i) : -1;
  }
  return -1;
}

function stepWords(tracks: Tracks, track: number, step: EventIndex): string {
  const { trace } = tracks;
  const steps = tracks.stepsOf(track);
  const n = countUpTo(steps, step);
  const how = trace.how.at(step);
  const aux = trace.text(trace.aux.at(step));
  let then = '';
  if (how === How.SUSPENDED) then = `then waits for ${awaited(trace, step)}`;
  else if (how === How.YIELDED) then = `then yields: ${awaited(trace, step)}`;
  else if (how === How.RETURNED) then = 'and returns';
  else if (how === How.RAISED) then = `and raises ${aux || 'an exception'}`;
  else if (how === How.CANCELLED) then = 'and is cancelled';
  else if (how === How.INTERRUPTED) then = `and is ended by ${aux || 'an interrupt'}`;
  return `runs step ${n} of ${steps.length}, ${then}`.replace(', and', ' and');
}

function loopDoes(trace: Trace, { state, event }: Segment): string {
  if (state === State.SLEEP) {
    const timer = event < trace.count && trace.how.at(event) === How.TIMER;
    return timer ? 'is idle until a timer is due' : 'is idle';
  }
  if (state === State.IO) return 'is idle until it is woken from outside';
  if (event >= trace.count) return `runs ${taskLabel(trace, trace.running.subject)}`;
  return trace.kind.at(event) === Kind.CALLBACK
    ? `runs the callback ${trace.text(trace.aux.at(event)) || 'without a name'}`
    : `runs a step of ${taskLabel(trace, trace.subject.at(event))}`;
}

function when(tracks: Tracks, segment: Segment): string {
  const { scale, trace } = tracks;
  const from = scale.clockAt(segment.x0);
  const lasted = scale.clockAt(segment.x1) - from;
  const cpu = segment.state === State.RUN && segment.event < trace.count ? trace.cpu.at(segment.event) : 0;
  const soFar = segment.open ? ' so far' : '';
  const took = cpu > 0 ? ` (${duration(cpu)} of work)` : '';
  return lasted > 0
    ? `at ${duration(from)} for ${duration(lasted)}${soFar}${took}`
    : `at ${duration(from)}${took}`;
}

function queued(tracks: Tracks, step: EventIndex): string {
  const { scale, trace } = tracks;
  const { runs } = scale;
  const turns = Math.max(0, runs.runOf(step) - Math.ceil(runs.readyPhase(step)));
  const waited = Math.max(0, trace.t.at(step) - trace.ready.at(step));
  if (turns === 0 && waited === 0) return 'ran at once when it was ready';
  const behind = turns > 0 ? ` behind ${turns} other ${turns === 1 ? 'handle' : 'handles'}` : '';
  return `stood in the ready queue${waited > 0 ? ` for ${duration(waited)}` : ''}${behind}`;
}
