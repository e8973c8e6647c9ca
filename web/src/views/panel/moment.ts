/** A moment of a run in words: who runs, who waits for what, and on which lines. Plain functions over a run. */
import type { Instant } from '../../trace/instant';
import { awaited, State, taskLabel } from '../../trace/reason';
import type { EventIndex, Id, Timer, Trace } from '../../trace/trace';
import type { LineMark, MarkKind } from '../editor/marks';
import type { Run } from '../store';

const KINDS: Record<State, MarkKind> = {
  [State.RUN]: 'run',
  [State.READY]: 'ready',
  [State.SLEEP]: 'sleep',
  [State.SYNC]: 'sync',
  [State.QUEUE]: 'queue',
  [State.TASK]: 'task',
  [State.IO]: 'io',
  [State.OTHER]: 'other',
  [State.NONE]: 'other',
};

/** A task that was there. */
export interface TaskThere {
  id: Id;
  label: string;
  kind: MarkKind;
  text: string;
  /** The program's line it stands on. */
  line: number | undefined;
  /** Its latest step; -1: none yet. */
  event: EventIndex;
}

/** The state of everything at an event; -1: at the end. */
export function instantAt(run: Run, event: EventIndex): Instant {
  run.tracks.update();
  return run.instants.at(event < 0 ? run.trace.count - 1 : event);
}

export function tasksThere(trace: Trace, instant: Instant): TaskThere[] {
  const place = new Map(instant.queue.map(({ subject }, k) => [subject, k + 1]));
  return instant.tasks.map(({ id, state, step, site }) => ({
    id,
    label: taskLabel(trace, id),
    kind: KINDS[state],
    text: taskText(trace, state, step, place.get(id)),
    line: site?.line,
    event: step,
  }));
}

function taskText(trace: Trace, state: State, step: EventIndex, place: number | undefined): string {
  if (state === State.RUN) return 'runs';
  if (state !== State.READY) return `waits for ${awaited(trace, step) || 'something unknown'}`;
  const turn = place === 1 ? ', next in line' : place ? `, ${ordinal(place)} in line` : '';
  return step < 0 ? `is ready to start${turn}` : `is ready to go on${turn}`;
}

function ordinal(n: number): string {
  const last = n % 10;
  const teen = n % 100 > 10 && n % 100 < 14;
  return `${n}${teen ? 'th' : last === 1 ? 'st' : last === 2 ? 'nd' : last === 3 ? 'rd' : 'th'}`;
}

/** Which task a timer will wake; empty where nobody waits for its future. */
export function timerFor(trace: Trace, instant: Instant, timer: Timer): string {
  const task = instant.tasks.find(
    ({ step }) => step >= 0 && trace.timerOfFuture.get(trace.waits[step] as Id) === timer,
  );
  return task ? taskLabel(trace, task.id) : '';
}

/** More marks than this help nobody. */
const MOST_MARKS = 500;

/** The lines on which tasks stood at an event: marks for the editor. */
export function lineMarks(run: Run, event: EventIndex): LineMark[] {
  if (event < 0 || event >= run.trace.count) return [];
  const there = tasksThere(run.trace, instantAt(run, event)).filter((task) => task.line !== undefined);
  return there.slice(0, MOST_MARKS).map(({ line, kind, label, text }) => ({
    line: line as number,
    kind,
    note: `${label} ${text}`,
  }));
}
