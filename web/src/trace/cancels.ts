/** Requests to cancel: who asked, through what, and why. */
import { counted } from './counted';
import { Heads } from './heads';
import { at, lineOf, listed, taskLabel, timerById, timerLength } from './reason';
import { type EventIndex, Flag, How, type Id, Kind, type Trace } from './trace';

/** 'by Ada at line 12', 'by a timeout of 50 ms, set at line 17', 'because main, which waits for it, was asked to cancel'. */
export function cancelCause(trace: Trace, cancel: EventIndex): string {
  return causeWords(trace, cancel) + message(trace, cancel);
}

function causeWords(trace: Trace, cancel: EventIndex): string {
  switch (trace.how.at(cancel)) {
    case How.BY_PARENT:
      return `because ${taskLabel(trace, trace.via.at(cancel))}, which waits for it, was asked to cancel`;
    case How.BY_GATHER:
      return 'because the gather it is in was asked to cancel';
    case How.BY_GROUP:
    case How.BY_CHILD: {
      const own = trace.how.at(cancel) === How.BY_CHILD ? 'own ' : '';
      return `by its ${own}TaskGroup, because ${groupFailure(trace, cancel)}`;
    }
    case How.BY_TIMEOUT:
      return `by ${timeoutWords(trace, cancel)}`;
    case How.BY_RUN:
      return 'by asyncio.run, which closes its loop';
    case How.BY_STOP:
      return 'by an interrupt, as Stop or Ctrl+C sends it';
    default: {
      const by = trace.by.at(cancel);
      const timer = timerById(trace, by);
      if (timer) return `by a timer of ${timerLength(trace, timer)}, armed${at(lineOf(trace, timer.armed))}`;
      const who = by ? taskLabel(trace, by) : 'the program';
      const line = lineOf(trace, cancel);
      return `by ${who}${line === undefined ? '' : ` at line ${line}`}`;
    }
  }
}

/** Requests of one step or callback as what it does: 'asks parent (and through it child) to cancel at line 12'. */
export function asksWords(trace: Trace, cancels: readonly EventIndex[]): string[] {
  const direct = cancels.filter((row) => trace.how.at(row) !== How.BY_PARENT && !isPassedOn(trace, row));
  const asked = new Map<string, Map<string, number>>();
  for (const [k, row] of direct.entries()) {
    const where = at(lineOf(trace, row)) + message(trace, row);
    const passed = cancels.filter((other) => other > row && other < (direct[k + 1] ?? Infinity));
    const who = taskLabel(trace, trace.subject.at(row)) + passedOn(trace, row, passed);
    const names = asked.get(where) ?? new Map<string, number>();
    asked.set(where, names.set(who, (names.get(who) ?? 0) + 1));
  }
  return [...asked].map(([where, names]) => {
    const often = [...names].map(([who, times]) => (times > 1 ? `${who} ${counted(times)} times` : who));
    return `asks ${listed(often)} to cancel${where}`;
  });
}

/** ' (and through it child)': a task that is cancelled asks what it waits for. */
function passedOn(trace: Trace, first: EventIndex, later: readonly EventIndex[]): string {
  const reached = [trace.subject.at(first)];
  for (const row of later) {
    if (reached.includes(trace.via.at(row))) reached.push(trace.subject.at(row));
  }
  const names = [...new Set(reached.slice(1))].map((id) => taskLabel(trace, id));
  return names.length ? ` (and through it ${listed(names)})` : '';
}

/** Calls of uncancel() in a row as what was done: 'is no longer asked to cancel', 'takes back one of its 2 requests to cancel'. */
export function withdrawWords(trace: Trace, rows: readonly EventIndex[]): string[] {
  const whose = new Map<Id, { had: number; left: number }>();
  for (const row of rows) {
    const task = trace.subject.at(row);
    const before = requestsBefore(trace, task, row);
    const { had } = whose.get(task) ?? { had: before };
    whose.set(task, { had, left: Math.max(0, before - 1) });
  }
  // A timeout that is over raises TimeoutError in the place of the CancelledError that it caused.
  const unheard = rows.some((row) => trace.flags.at(row) & Flag.UNHEARD)
    ? ' (and no TimeoutError comes)'
    : '';
  return [...whose].flatMap(([task, { had, left }]) => {
    const own = task === trace.by.at(rows[0] as EventIndex);
    if (had === left) return [];
    if (left === 0)
      return [
        own
          ? `is no longer asked to cancel${unheard}`
          : `takes back the request to cancel ${taskLabel(trace, task)}`,
      ];
    const some = had - left === 1 ? 'one' : counted(had - left);
    const its = own ? 'its' : `${taskLabel(trace, task)}’s`;
    return [`takes back ${some} of ${its} ${counted(had)} requests to cancel`];
  });
}

/** How many requests to cancel a task had before an event that were not taken back, as `Task.cancelling()` counts them. */
function requestsBefore(trace: Trace, task: Id, event: EventIndex): number {
  let count = 0;
  for (const row of cancelRows(trace)) {
    if (row >= event) break;
    if (trace.subject.at(row) === task)
      count = trace.how.at(row) === How.WITHDRAWN ? Math.max(0, count - 1) : count + 1;
  }
  return count;
}

/** Rows of CANCEL, in order, as far as they were read. */
const known = new WeakMap<Trace, { read: number; rows: EventIndex[] }>();
const heads = new Heads('kind');

function cancelRows(trace: Trace): EventIndex[] {
  let all = known.get(trace);
  if (!all) {
    all = { read: 0, rows: [] };
    known.set(trace, all);
  }
  for (let n = 0; all.read < trace.count; all.read += n) {
    n = trace.heads(all.read, heads);
    for (let k = 0; k < n; k++) if (heads.kind[k] === Kind.CANCEL) all.rows.push(all.read + k);
  }
  return all.rows;
}

function isPassedOn(trace: Trace, cancel: EventIndex): boolean {
  return trace.how.at(cancel) === How.BY_GATHER && trace.via.at(cancel) !== 0;
}

/** A request as a sentence of its own. */
export function cancelSentence(trace: Trace, cancel: EventIndex): string {
  const who = taskLabel(trace, trace.subject.at(cancel));
  if (trace.how.at(cancel) === How.WITHDRAWN) return `The request to cancel ${who} is taken back.`;
  return `${who} is asked to cancel ${cancelCause(trace, cancel)}.`;
}

/** 'the timeout of 50 ms, set at line 17'. */
function timeoutWords(trace: Trace, cancel: EventIndex): string {
  const timer = timerById(trace, trace.by.at(cancel));
  if (!timer) return 'a timeout';
  const line = lineOf(trace, timer.armed);
  return `the timeout of ${timerLength(trace, timer)}${line === undefined ? '' : ` set at line ${line}`}`;
}

/** Why a TaskGroup cancels: its callback has just asked for somebody's exception, or its own block failed. */
function groupFailure(trace: Trace, cancel: EventIndex): string {
  const by = trace.by.at(cancel);
  for (let i = cancel - 1; i >= 0 && trace.by.at(i) === by; i--) {
    if (trace.kind.at(i) === Kind.ERROR && trace.how.at(i) === How.RETRIEVED)
      return `${taskLabel(trace, trace.subject.at(i))} failed`;
  }
  return 'the block of its async with failed or was cancelled';
}

function message(trace: Trace, cancel: EventIndex): string {
  const text = trace.text(trace.aux.at(cancel));
  return text ? `, with the message “${text}”` : '';
}
