/** Whom a step woke by what no row of its own tells: it settled a future, notified a condition, broke a barrier. */
import { awaitedName, cancelBefore, lineOf, previousStep, primitiveLabel } from './reason';
import { isRun } from './runs';
import { type EventIndex, How, type Id, Kind, type Trace } from './trace';

export interface Woken {
  task: Id;
  /** ' through c'; '': it waited for a future. */
  through: string;
  line: number;
  /** It was made ready just before this row was written. */
  before: EventIndex;
}

/** Runs that are looked at: whoever was woken stands in the ready queue, and that may be long. */
const AHEAD = 2000;

/** Those that a step woke, in order; `rows`: what it did. */
export function wokenBy(trace: Trace, step: EventIndex, rows: readonly EventIndex[]): Woken[] {
  if (trace.kind.at(step) !== Kind.STEP) return [];
  const by = trace.subject.at(step);
  const begin = beginOf(trace, step);
  const found: Woken[] = [];
  let left = AHEAD;
  // The ready queue is first in, first out: what was put there later runs later.
  for (let i = step + 1; i < trace.count && left > 0; i++) {
    if (!isRun(trace, i)) continue;
    left--;
    const before = trace.readySeq.at(i);
    if (before > step) break;
    if (before < begin || trace.by.at(i) !== by || trace.kind.at(i) !== Kind.STEP) continue;
    const woken = wokenAt(trace, i, rows);
    if (woken) found.push({ ...woken, before });
  }
  return found;
}

function wokenAt(
  trace: Trace,
  next: EventIndex,
  rows: readonly EventIndex[],
): Omit<Woken, 'before'> | undefined {
  const task = trace.subject.at(next);
  const line = lineOf(trace, next);
  if (line === undefined || task === trace.by.at(next)) return undefined;
  const waited = previousStep(trace, next);
  if (waited < 0 || trace.how.at(waited) !== How.SUSPENDED || cancelBefore(trace, next) >= 0)
    return undefined;
  const primitive = trace.aux.at(waited);
  if (!trace.primitives.has(primitive))
    return awaitedName(trace, waited) === 'a future' ? { task, through: '', line } : undefined;
  // What was put, released or set there is told as that.
  const there = rows.filter(
    (row) =>
      trace.kind.at(row) === Kind.STATE && trace.subject.at(row) === primitive && lineOf(trace, row) === line,
  );
  const told = there.length > 0 && !there.some((row) => tellsNobody(trace.how.at(row)));
  return told ? undefined : { task, through: ` through ${primitiveLabel(trace, primitive)}`, line };
}

/** Whether a row of STATE does not tell that it woke somebody. */
function tellsNobody(how: number): boolean {
  return how === How.NOTIFIED || how === How.SHUT;
}

/** The first row that may be of a step. */
function beginOf(trace: Trace, step: EventIndex): EventIndex {
  for (let i = step - 1; i >= 0; i--) if (isRun(trace, i) || trace.kind.at(i) === Kind.IDLE) return i + 1;
  return 0;
}
