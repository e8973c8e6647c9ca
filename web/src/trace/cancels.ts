/** Requests to cancel: who asked, through what, and why. */
import { at, duration, lineOf, listed, taskLabel, timerById } from './reason';
import { type EventIndex, How, Kind, type Trace } from './trace';

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
      return 'by Stop';
    default: {
      const by = trace.by.at(cancel);
      const timer = timerById(trace, by);
      if (timer)
        return `by a timer of ${duration(timer.when - timer.at)}, armed${at(lineOf(trace, timer.armed))}`;
      const who = by ? taskLabel(trace, by) : 'the program';
      const line = lineOf(trace, cancel);
      return `by ${who}${line === undefined ? '' : ` at line ${line}`}`;
    }
  }
}

/** Requests of one step or callback as what it does: 'asks parent (and through it child) to cancel at line 12'. */
export function asksWords(trace: Trace, cancels: readonly EventIndex[]): string[] {
  const direct = cancels.filter((row) => trace.how.at(row) !== How.BY_PARENT && !isPassedOn(trace, row));
  const asked = new Map<string, string[]>();
  for (const row of direct) {
    const where = at(lineOf(trace, row)) + message(trace, row);
    const who = taskLabel(trace, trace.subject.at(row)) + passedOn(trace, row, cancels);
    asked.set(where, [...(asked.get(where) ?? []), who]);
  }
  return [...asked].map(([where, names]) => `asks ${listed(names)} to cancel${where}`);
}

/** ' (and through it child)': a task that is cancelled asks what it waits for. */
function passedOn(trace: Trace, first: EventIndex, cancels: readonly EventIndex[]): string {
  const reached = [trace.subject.at(first)];
  for (const row of cancels) {
    if (row > first && reached.includes(trace.via.at(row))) reached.push(trace.subject.at(row));
  }
  const names = reached.slice(1).map((id) => taskLabel(trace, id));
  return names.length ? ` (and through it ${listed(names)})` : '';
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
  return `the timeout of ${duration(timer.when - timer.at)}${line === undefined ? '' : ` set at line ${line}`}`;
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
