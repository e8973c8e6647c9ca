/** A moment of a run in words: who runs, who waits for what, and on which lines. Plain functions over a run. */
import type { Instant } from '../../trace/instant';
import { awaited, previousStep, State, taskLabel } from '../../trace/reason';
import type { EventIndex, Id, Timer, Trace } from '../../trace/trace';
import type { LineMark, MarkKind } from '../editor/marks';
import type { Run } from '../store';
import { beginLine, clock, ending } from './words';

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
  run.tracks.read();
  return run.instants.at(event < 0 ? run.trace.count - 1 : event);
}

export function tasksThere(trace: Trace, instant: Instant): TaskThere[] {
  const place = new Map(instant.queue.map(({ subject }, k) => [subject, k + 1]));
  return instant.tasks.map(({ id, state, step, site, due }) => ({
    id,
    label: taskLabel(trace, id),
    kind: due === undefined ? KINDS[state] : 'ready',
    text: due === undefined ? taskText(trace, state, step, place.get(id)) : dueText(due),
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

function dueText(due: number): string {
  return `was due at ${clock(due)}, but the loop is busy`;
}

function ordinal(n: number): string {
  const last = n % 10;
  const teen = n % 100 > 10 && n % 100 < 14;
  return `${n}${teen ? 'th' : last === 1 ? 'st' : last === 2 ? 'nd' : last === 3 ? 'rd' : 'th'}`;
}

/** Which task a timer will wake; empty where nobody waits for its future. */
export function timerFor(trace: Trace, instant: Instant, timer: Timer): string {
  const task = instant.tasks.find(
    ({ step }) => step >= 0 && trace.timerRowOf(trace.waits.at(step)) === timer.armed,
  );
  return task ? taskLabel(trace, task.id) : '';
}

/** More marks than this help nobody. */
const MOST_MARKS = 500;

/** The lines on which tasks stood at an event: marks for the editor. */
export function lineMarks(run: Run, event: EventIndex): LineMark[] {
  if (event < 0 || event >= run.trace.count) return [];
  const { trace } = run;
  const marks: LineMark[] = [];
  for (const { kind, label, text, line, event: step } of tasksThere(trace, instantAt(run, event))) {
    if (kind !== 'run') marks.push({ line: line ?? 0, kind, note: `${label} ${text}` });
    else if (step === event) marks.push(...stepMarks(trace, step, label, line));
    if (marks.length >= MOST_MARKS) break;
  }
  return marks.filter((mark) => mark.line > 0);
}

/** A step is marked where it begins and where it ends: what lies between is not recorded. */
function stepMarks(trace: Trace, step: EventIndex, label: string, line: number | undefined): LineMark[] {
  const from = beginLine(trace, step);
  const first = previousStep(trace, step) < 0;
  const then = ending(trace, step);
  const note = `${label} ${first ? 'starts here' : 'resumes here'}`;
  if (line === undefined) return [{ line: from ?? 0, kind: 'run', note: `${note}, ${then}` }];
  return [
    { line, kind: 'run', note: line === from ? `${note}, ${then}` : `${label} ${then}` },
    ...(line === from ? [] : [{ line: from ?? 0, kind: 'run' as const, note }]),
  ];
}
