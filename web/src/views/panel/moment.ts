/** A moment of a run in words: who runs, who waits for what, and on which lines. Plain functions over a run. */
import type { LocalsFrame } from '../../protocol/decode';
import { callbackName, LIMITS } from '../../trace/cause';
import type { Instant } from '../../trace/instant';
import type { Written } from '../../trace/prints';
import {
  at,
  awaited,
  lineOf,
  previousStep,
  primitiveLabel,
  State,
  taskLabel,
  timerLength,
} from '../../trace/reason';
import type { Shared } from '../../trace/shared';
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
  /** Variables of its frames, outermost first, where they were recorded. */
  frames: readonly LocalsFrame[];
}

/** The state of everything at an event; -1: at the end. */
export function instantAt(run: Run, event: EventIndex): Instant {
  run.tracks.read();
  return run.instants.at(event < 0 ? run.trace.count - 1 : event);
}

/** What the first `most` tasks did then. */
export function tasksThere(trace: Trace, instant: Instant, most: number): TaskThere[] {
  const place = new Map(instant.queue.map(({ subject }, k) => [subject, k + 1]));
  return instant.tasks.slice(0, most).map(({ id, state, step, site, due }) => ({
    id,
    label: taskLabel(trace, id),
    kind: due === undefined ? KINDS[state] : 'ready',
    text: due === undefined ? taskText(trace, state, step, place.get(id), instant.event) : dueText(due),
    line: site?.line,
    event: step,
    frames: trace.variables.at(id, instant.event),
  }));
}

function taskText(
  trace: Trace,
  state: State,
  step: EventIndex,
  place: number | undefined,
  now: EventIndex,
): string {
  if (state === State.RUN) return 'runs';
  if (state !== State.READY) return `waits for ${awaited(trace, step, now + 1) || 'something unknown'}`;
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

/** What a timer will do: 'wakes foo', 'calls Event.set, which main asked for at line 4'. */
export function timerWords(trace: Trace, instant: Instant, timer: Timer): string {
  const who = timerFor(trace, instant, timer);
  if (who) return `wakes ${who}`;
  const name = callbackName(trace, timer.armed);
  const by = trace.by.at(timer.armed);
  const line = at(lineOf(trace, timer.armed));
  const whose = (did: string): string =>
    trace.task(by) ? ` that ${taskLabel(trace, by)} ${did}${line}` : line;
  const length = timerLength(trace, timer);
  if (name === 'Timeout._on_timeout') return `the timeout of ${length}${whose('set')} is over`;
  if (LIMITS.has(name)) return `the time limit of ${length}${whose('set')} is over`;
  if (name === '_set_result_unless_cancelled') return `a wait of ${length}${whose('began')} is over`;
  return `calls ${name}${trace.task(by) ? `, which ${taskLabel(trace, by)} asked for${line}` : line && `, asked for${line}`}`;
}

/** Which task a timer will wake; empty where nobody waits for its future. */
function timerFor(trace: Trace, instant: Instant, timer: Timer): string {
  let known = sleepers.get(instant);
  if (!known) {
    known = new Map();
    for (const { id, step } of instant.tasks)
      if (step >= 0) known.set(trace.timerRowOf(trace.waits.at(step)), id);
    sleepers.set(instant, known);
  }
  const id = known.get(timer.armed);
  return id === undefined ? '' : taskLabel(trace, id);
}

/** By instant: who waits for the timer that a row armed. */
const sleepers = new WeakMap<Instant, Map<EventIndex, Id>>();

/** 'lock: locked by foo; bar waits'; 'queue: 3 items'. */
export function sharedWords(trace: Trace, { id, value, by, waiters }: Shared): string {
  const type = trace.primitives.get(id)?.type ?? '';
  const who = waiters.slice(0, FEW).map((waiter) => taskLabel(trace, waiter));
  if (waiters.length > FEW) who.push(`${waiters.length - FEW} more`);
  const wait = who.length === 0 ? '' : `; ${who.join(', ')} ${waiters.length === 1 ? 'waits' : 'wait'}`;
  // A condition's lock is told by itself.
  const state = type === 'Condition' ? '' : stateWords(trace, type, value, by);
  return `${primitiveLabel(trace, id)}: ${state ? state + wait : wait.slice(2) || 'nobody waits'}`;
}

/** Waiters told by name. */
const FEW = 5;

function stateWords(trace: Trace, type: string, value: number, by: Id): string {
  if (/Queue$/.test(type)) return value === 0 ? 'empty' : `${value} ${value === 1 ? 'item' : 'items'}`;
  if (/Semaphore$/.test(type)) return `${value} free`;
  if (type === 'Event') return value ? 'set' : 'not set';
  if (type === 'Barrier') return `${value} arrived`;
  if (!value) return 'free';
  return by ? `locked by ${taskLabel(trace, by)}` : 'locked';
}

/** How much of the run's output there was. */
export function outputWords(so: Written, all: Written): string {
  const parts = WRITTEN.filter(([key]) => all[key] > 0);
  if (parts.length === 0) return 'the program prints nothing';
  if (parts.every(([key]) => so[key] === 0)) return 'nothing yet';
  const over = parts.every(([key]) => so[key] === all[key]);
  const told = parts.map(
    ([key, one, many]) => `${over ? '' : `${so[key]} of `}${all[key]} ${all[key] === 1 ? one : many}`,
  );
  return `${over ? 'all of it: ' : ''}${told.join(', ')}`;
}

const WRITTEN: readonly (readonly [keyof Written, string, string])[] = [
  ['prints', 'print', 'prints'],
  ['tracebacks', 'traceback', 'tracebacks'],
  ['typed', 'line typed', 'lines typed'],
];

/** More marks than this help nobody. */
const MOST_MARKS = 500;

/** The lines on which tasks stood at an event: marks for the editor. */
export function lineMarks(run: Run, event: EventIndex): LineMark[] {
  if (event < 0 || event >= run.trace.count) return [];
  const { trace } = run;
  const marks: LineMark[] = [];
  const there = instantAt(run, event);
  // What runs first: of thousands not all are marked.
  if (there.tasks.length > MOST_MARKS)
    there.tasks.sort((a, b) => Number(b.state === State.RUN) - Number(a.state === State.RUN));
  for (const { id, kind, label, text, line, event: step } of tasksThere(trace, there, MOST_MARKS)) {
    if (kind !== 'run') marks.push({ line: line ?? 0, kind, note: `${label} ${text}` });
    else if (step === event) marks.push(...stepMarks(trace, step, label, line));
    else if (trace.by.at(event) === id)
      marks.push({ line: trace.sites.get(trace.site.at(event))?.line ?? 0, kind, note: `${label} ${text}` });
    if (marks.length >= MOST_MARKS) break;
  }
  return marks.filter((mark) => mark.line > 0);
}

/** The lines that findings are about: marks for the editor, while no moment of the run is looked at. */
export function findingMarks({ trace }: Run): LineMark[] {
  return (trace.findings ?? []).flatMap(({ title, lines }) =>
    lines.map((line) => ({ line, kind: 'finding' as const, note: title })),
  );
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
