/** What asyncio does for itself, told apart from what the program does. */
import { type EventIndex, type Id, Kind, type Trace } from './trace';

/** Callbacks of asyncio's own, by the last part of their names. */
const CLOSES = '_run_until_complete_cb';
const WAKES = '_set_result_unless_cancelled';

/** Tells runs apart, many in a row: callbacks are mostly of the same name as the one before. */
export class Housekeeping {
  private aux = -1;
  private closing = false;
  private waking = false;

  constructor(private readonly trace: Trace) {}

  /** A run of asyncio.run's closing of its loop: its own tasks, and what ends the waiting for a task. */
  closes(kind: number, subject: Id, aux: number): boolean {
    if (kind === Kind.STEP) return isLibrary(this.trace, subject);
    if (kind !== Kind.CALLBACK) return false;
    this.look(aux);
    return this.closing;
  }

  /** A run that a reader can do without: a step tells what a timer woke, and a program is over when its last task is. */
  is(kind: number, subject: Id, aux: number): boolean {
    return this.closes(kind, subject, aux) || (kind === Kind.CALLBACK && this.waking);
  }

  private look(aux: number): void {
    if (aux === this.aux) return;
    this.aux = aux;
    const name = this.trace.text(aux);
    this.closing = name.endsWith(CLOSES);
    this.waking = name.endsWith(WAKES);
  }
}

/** The same of one run. */
export function closes(trace: Trace, run: EventIndex): boolean {
  return new Housekeeping(trace).closes(trace.kind.at(run), trace.subject.at(run), trace.aux.at(run));
}

export function isHousekeeping(trace: Trace, run: EventIndex): boolean {
  return new Housekeeping(trace).is(trace.kind.at(run), trace.subject.at(run), trace.aux.at(run));
}

/** Whether a task is the library's own doing: no line of the program created it. */
export function isLibrary(trace: Trace, id: Id): boolean {
  // Most runs have none, and are asked about every step.
  return trace.libraryTasks.size > 0 && trace.libraryTasks.has(id);
}
