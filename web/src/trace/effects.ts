/** What a step did, in the order in which it did it: what it printed, tasks it created, primitives it changed, whom it asked to cancel. */

import { asksWords, withdrawWords } from './cancels';
import { callbackName, LIMITS } from './cause';
import { counted } from './counted';
import { primitivesOf } from './primitives';
import { isPrint, linesOf } from './prints';
import {
  aType,
  at,
  duration,
  lineOf,
  listed,
  primitiveLabel,
  taskLabel,
  timerById,
  timerLength,
} from './reason';
import { type EventIndex, How, type Id, Kind, type Trace } from './trace';
import { isOfTransport, isTaskOfTransport } from './transports';
import { type Woken, wokenBy } from './wakes';

interface Effect {
  /** 'puts into queue'. */
  text: string;
  line: number | undefined;
  /** '1 of 2 now'. */
  state: string;
  times: number;
}

/** What is told in one go, where it stands side by side: what was printed, who was created on a line, who was asked to cancel. */
type Together = 'prints' | 'reads' | 'creates' | 'asks' | 'withdraws';

interface Part extends Effect {
  together?: Together;
  rows: EventIndex[];
}

const MOST = 8;
/** A share of a run that is nearly all of it. */
const MOSTLY = 0.95;

/** All that a step or callback did, in order: 'prints “a”', 'creates foo and bar at line 18', 'puts into queue at line 7 (1 of 2 in it)'. */
export function deeds(trace: Trace, run: EventIndex): string[] {
  const parts = partsOf(trace, run);
  const length = trace.end.at(run) - trace.t.at(run);
  const all = parts.map((part) => partWords(trace, part));
  if (length > 0 && trace.kind.at(run) === Kind.STEP) {
    const place = whereItRan(trace, run, parts);
    all.splice(place, 0, [`runs for ${duration(length)}`]);
  }
  return cut(all.flat());
}

/** Almost all of a run's time passed before what it did then, or else it is told in the end: the number of the part. */
function whereItRan(trace: Trace, run: EventIndex, parts: readonly Part[]): number {
  const length = trace.end.at(run) - trace.t.at(run);
  let before = trace.t.at(run);
  for (const [place, { rows }] of parts.entries()) {
    const [first = -1] = rows;
    if (first < 0) continue;
    const begin = trace.t.at(first);
    if (begin - before > length * MOSTLY) return place;
    before = trace.t.at(rows.at(-1) as EventIndex);
    if (before - begin > length * MOSTLY) return place + 1;
    if (before - begin > length * (1 - MOSTLY)) break;
  }
  return parts.length;
}

/** The same without what was printed and read. */
export function effects(trace: Trace, run: EventIndex): string[] {
  const parts = partsOf(trace, run).filter(({ together }) => together !== 'prints' && together !== 'reads');
  return cut(parts.flatMap((part) => partWords(trace, part)));
}

/** The first lines that a step wrote; a last item tells how many more there were. */
export function printed(trace: Trace, run: EventIndex): string[] {
  return linesOf(
    trace,
    rowsOf(trace, run).filter((row) => isPrint(trace, row)),
  );
}

/** Lines that a step was given by `input()`. */
export function typed(trace: Trace, run: EventIndex): string[] {
  return linesOf(
    trace,
    rowsOf(trace, run).filter((row) => trace.kind.at(row) === Kind.OUTPUT && !isPrint(trace, row)),
  );
}

function cut(all: string[]): string[] {
  const more = all.length - MOST;
  return more > 1 ? [...all.slice(0, MOST), `does ${counted(more)} more things of this kind`] : all;
}

function partsOf(trace: Trace, run: EventIndex): Part[] {
  const parts: Part[] = [];
  const rows = rowsOf(trace, run);
  const woken = wokenBy(trace, run, rows);
  const through = woken.map((one) => `${one.through} ${one.line}`);
  for (const [place, row] of rows.entries()) {
    while (woken[0] && woken[0].before <= row) addWoken(parts, trace, woken, row);
    if (isTold(trace, row, through)) continue; // by whom it woke
    if (isFailure(trace, row, run)) parts.push(failure(trace, row));
    else add(parts, trace, row, rows[place + 1]);
  }
  while (woken.length > 0) addWoken(parts, trace, woken, Infinity);
  return parts;
}

/** Whether a row is of a condition's notification that woke somebody. */
function isTold(trace: Trace, row: EventIndex, woken: readonly string[]): boolean {
  if (trace.kind.at(row) !== Kind.STATE || trace.how.at(row) !== How.NOTIFIED) return false;
  if (trace.aux.at(row) === 0) return false;
  return woken.includes(` through ${primitiveLabel(trace, trace.subject.at(row))} ${lineOf(trace, row)}`);
}

/** Whether a row is of the exception that left a callback: asyncio goes on in that callback, and prints it. */
function isFailure(trace: Trace, row: EventIndex, run: EventIndex): boolean {
  if (trace.kind.at(row) !== Kind.ERROR || trace.how.at(row) !== How.RAISED) return false;
  return trace.kind.at(run) === Kind.CALLBACK && trace.subject.at(row) === trace.subject.at(run);
}

function failure(trace: Trace, row: EventIndex): Part {
  return {
    text: `fails with ${trace.text(trace.aux.at(row))}`,
    line: undefined,
    state: '',
    times: 1,
    rows: [row],
  };
}

function add(parts: Part[], trace: Trace, row: EventIndex, next: EventIndex | undefined): void {
  const last = parts.at(-1);
  const together = togetherOf(trace, row);
  if (together) {
    const line = together === 'creates' ? lineOf(trace, row) : undefined;
    if (last?.together === together && last.line === line) last.rows.push(row);
    else parts.push({ text: '', line, state: '', times: 1, together, rows: [row] });
    return;
  }
  const effect = effectOf(trace, row, next);
  if (!effect) return;
  // Given back and given away in one call.
  if (effect.text.startsWith('hands ') && last?.text.startsWith('releases ')) parts.pop();
  else if (last && !last.together && last.text === effect.text && last.line === effect.line) {
    last.times++;
    last.state = effect.state;
    return;
  }
  parts.push({ ...effect, rows: [row] });
}

/** Those that were woken at once, before a row was written. */
function addWoken(parts: Part[], trace: Trace, woken: Woken[], row: EventIndex): void {
  const { line, through } = woken[0] as Woken;
  const tasks: Id[] = [];
  while (woken[0] && woken[0].before <= row && woken[0].line === line && woken[0].through === through)
    tasks.push((woken.shift() as Woken).task);
  const names = listed(tasks.map((id) => taskLabel(trace, id)));
  parts.push({ text: `wakes ${names}${through}`, line, state: '', times: 1, rows: [] });
}

function togetherOf(trace: Trace, row: EventIndex): Together | undefined {
  switch (trace.kind.at(row)) {
    case Kind.OUTPUT:
      return isPrint(trace, row) ? 'prints' : 'reads';
    case Kind.TASK:
      return isTaskOfTransport(trace, trace.subject.at(row)) ? undefined : 'creates';
    case Kind.CANCEL:
      return trace.how.at(row) === How.WITHDRAWN ? 'withdraws' : 'asks';
    default:
      return undefined;
  }
}

function partWords(trace: Trace, part: Part): string[] {
  const { rows, line } = part;
  switch (part.together) {
    case 'prints':
    case 'reads': {
      const lines = linesOf(trace, rows);
      return lines.length ? [`${part.together} ${lines.join(', ')}`] : [];
    }
    case 'creates':
      return [`creates ${listed(rows.map((row) => taskLabel(trace, trace.subject.at(row))))}${at(line)}`];
    case 'asks':
      return asksWords(trace, rows);
    case 'withdraws':
      return withdrawWords(trace, rows);
    default:
      return [words(part)];
  }
}

/** One thing that was done, by itself: 'puts into queue (1 of 2 in it)'; empty for what its step tells, or nobody needs. */
export function effectWords(trace: Trace, row: EventIndex): string {
  const effect = effectOf(trace, row, row + 1 < trace.count ? row + 1 : undefined);
  if (effect) return words({ ...effect, text: effect.text.replace(/,$/, ''), line: undefined });
  switch (trace.kind.at(row)) {
    case Kind.TIMER:
      return `arms a timer of ${timerLength(trace, trace.timerAt(row))}`;
    case Kind.TIMER_CANCELLED:
      return 'cancels a timer';
    case Kind.ERROR:
      return trace.how.at(row) === How.RAISED ? `fails with ${trace.text(trace.aux.at(row))}` : '';
    default:
      return '';
  }
}

function words({ text, line, state, times }: Effect): string {
  const often = times > 1 ? ` ${counted(times)} times` : '';
  return `${text}${often}${line === undefined ? '' : ` at line ${line}`}${state ? ` (${state})` : ''}`;
}

/** Rows of what a run did itself: not of eager tasks that ran inside it. */
function rowsOf(trace: Trace, run: EventIndex): EventIndex[] {
  const subject = trace.subject.at(run);
  const rows: EventIndex[] = [];
  for (let i = run - 1; i >= 0; i--) {
    const kind = trace.kind.at(i);
    if ((kind === Kind.STEP && !trace.flags.at(i)) || kind === Kind.CALLBACK || kind === Kind.IDLE) break;
    if (trace.by.at(i) === subject) rows.push(i);
  }
  return rows.reverse();
}

/** Timers of asyncio's own: it cancels them, too, when nobody waits any longer. */
const OWN_TIMERS: ReadonlySet<string> = new Set([
  '_set_result_unless_cancelled',
  ...LIMITS,
  'Timeout._on_timeout',
]);

function effectOf(trace: Trace, row: EventIndex, next: EventIndex | undefined): Effect | undefined {
  const line = trace.sites.get(trace.site.at(row))?.line;
  const one = (text: string, state = ''): Effect => ({ text, line, state, times: 1 });
  switch (trace.kind.at(row)) {
    case Kind.TIMER: {
      const name = callbackName(trace, row);
      const wait = timerLength(trace, trace.timerAt(row));
      if (name === 'Timeout._on_timeout') return one(`sets a timeout of ${wait}`);
      if (LIMITS.has(name)) return one(`sets a time limit of ${wait}`);
      return OWN_TIMERS.has(name) || isOfTransport(name)
        ? undefined
        : one(`arms a timer of ${wait} for ${name}`);
    }
    case Kind.TIMER_CANCELLED: {
      const timer = timerById(trace, trace.subject.at(row));
      const name = timer ? callbackName(trace, timer.armed) : '';
      if (!timer || OWN_TIMERS.has(name)) return undefined;
      return one(`cancels the timer of ${timerLength(trace, timer)} for ${name}`);
    }
    case Kind.STATE:
      return stateEffect(trace, row, next, one);
    default:
      return undefined;
  }
}

function stateEffect(
  trace: Trace,
  row: EventIndex,
  next: EventIndex | undefined,
  one: (text: string, state?: string) => Effect,
): Effect | undefined {
  const id = trace.subject.at(row);
  const primitive = trace.primitives.get(id);
  if (!primitive) return undefined;
  const { type, bound } = primitive;
  const name = primitiveLabel(trace, id);
  const value = trace.aux.at(row);
  const before = primitivesOf(trace).before(id, row);
  if (!before) return isPart(trace, row, next) ? undefined : one(made(type, primitive.name, bound, value));
  switch (trace.how.at(row)) {
    case How.UNFINISHED:
      return one(`marks an item of ${name} as done`, `${value} unfinished`);
    case How.NOTIFIED:
      return one(`notifies ${name}`, value === 0 ? 'nobody waits for it' : '');
    case How.SHUT:
      if (type === 'Barrier') return one(`breaks ${name}`);
      return one(`shuts ${name} down`, isDrop(trace, next, row) ? `${counted(value)} dropped` : '');
  }
  if (isDrop(trace, row, row - 1)) return undefined;
  const up = value > before.value;
  if (value === before.value) return undefined;
  if (type === 'Lock') return one(`${up ? 'takes' : 'releases'} ${name}`);
  if (type === 'Event') return one(`${up ? 'sets' : 'clears'} ${name}`);
  if (type === 'Barrier') return up ? one(`comes to ${name}`, `${value} of ${bound} are there`) : undefined;
  if (type.endsWith('Semaphore')) {
    const free = `${value} of ${bound} free`;
    if (up) return one(`releases ${name}`, free);
    const heir = before.waiters[0];
    return heir === undefined
      ? one(`takes ${name}`, free)
      : one(`hands a place of ${name} to ${taskLabel(trace, heir)}`);
  }
  const holds = bound > 0 ? `${value} of ${bound} in it` : `${value} in it`;
  return one(up ? `puts into ${name}` : `takes from ${name}`, holds);
}

/** Whether a row is of a queue that was emptied as it was shut down, by the row before. */
function isDrop(trace: Trace, row: EventIndex | undefined, before: EventIndex): boolean {
  return (
    row === before + 1 &&
    before >= 0 &&
    trace.kind.at(row) === Kind.STATE &&
    trace.kind.at(before) === Kind.STATE &&
    trace.how.at(before) === How.SHUT &&
    trace.subject.at(row) === trace.subject.at(before) &&
    trace.aux.at(row) < trace.aux.at(before)
  );
}

function made(type: string, name: string, bound: number, value: number): string {
  const size = type.endsWith('Queue')
    ? bound > 0
      ? ` for at most ${bound}`
      : ''
    : type === 'Barrier'
      ? ` for ${bound}`
      : type.endsWith('Semaphore')
        ? ` for ${value}`
        : '';
  return name ? `makes ${name}, ${aType(type)}${size},` : `makes ${aType(type)}${size}`;
}

/** The lock in a condition and the condition in a barrier are made on the way, at the same place. */
function isPart(trace: Trace, row: EventIndex, next: EventIndex | undefined): boolean {
  if (next === undefined || trace.kind.at(next) !== Kind.STATE || trace.site.at(next) !== trace.site.at(row))
    return false;
  const type = trace.primitives.get(trace.subject.at(row))?.type;
  const outer = trace.primitives.get(trace.subject.at(next))?.type;
  return (type === 'Lock' && outer === 'Condition') || (type === 'Condition' && outer === 'Barrier');
}
