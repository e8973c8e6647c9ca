/** What asyncio does for itself, told apart from what the program does. */
import { type EventIndex, type Id, Kind, type Trace } from './trace';

/** Callbacks of asyncio's own, by the last part of their names. */
const CLOSES = '_run_until_complete_cb';
const WAKES = '_set_result_unless_cancelled';

/** A run of asyncio.run's closing of its loop: its own tasks, and what ends the waiting for a task. */
export function closes(trace: Trace, run: EventIndex): boolean {
  const kind = trace.kind.at(run);
  if (kind === Kind.STEP) return isLibrary(trace, trace.subject.at(run));
  return kind === Kind.CALLBACK && name(trace, run).endsWith(CLOSES);
}

/** A run that a reader can do without: a step tells what a timer woke, and a program is over when its last task is. */
export function isHousekeeping(trace: Trace, run: EventIndex): boolean {
  return closes(trace, run) || (trace.kind.at(run) === Kind.CALLBACK && name(trace, run).endsWith(WAKES));
}

/** Whether a task is the library's own doing: no line of the program created it. */
export function isLibrary(trace: Trace, id: Id): boolean {
  return trace.task(id)?.library ?? false;
}

function name(trace: Trace, run: EventIndex): string {
  return trace.text(trace.aux.at(run));
}
