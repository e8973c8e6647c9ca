/** Ways through a recorded run: by step, by event, by the steps of one task, from output to output, finding to finding. */
import { effectWords } from '../trace/effects';
import { isHousekeeping } from '../trace/own';
import { type EventIndex, Kind, type Trace } from '../trace/trace';
import { notes } from './panel/notes';
import { runAround } from './panel/words';
import type { Run } from './store';

/** What a step did on the way. */
const SMALL: ReadonlySet<number> = new Set([Kind.TIMER, Kind.TIMER_CANCELLED, Kind.STATE, Kind.ERROR]);

export type Walk = 'step' | 'event' | 'task' | 'output' | 'finding';

/** The event a walk leads to from an event, -1 being the end of the run; -1: there is none that way. */
export function walkTo(run: Run, from: EventIndex, by: Walk, way: -1 | 1): EventIndex {
  const { trace } = run;
  if (by === 'step') return run.steps.from(from, way);
  // Who looks at nothing yet begins at the first one going forward, at the last one going back.
  const start = from >= 0 ? from : way > 0 ? -1 : trace.count;
  if (by === 'output') return nearest([...run.instants.outputs], start, way);
  if (by === 'finding') return nearest(findings(trace), start, way);
  const subject = from >= 0 ? taskOf(trace, from) : (trace.tasks[0]?.id ?? 0);
  for (let i = start + way; i >= 0 && i < trace.count; i += way) {
    const kind = trace.kind.at(i);
    if (by === 'task' ? kind === Kind.STEP && trace.subject.at(i) === subject : isTold(trace, i)) return i;
  }
  return -1;
}

/** Whether an event is one that a reader wants to see: not what asyncio does for itself. */
function isTold(trace: Trace, event: EventIndex): boolean {
  const kind = trace.kind.at(event);
  if (kind === Kind.STEP || kind === Kind.CALLBACK) return !isHousekeeping(trace, event);
  if (SMALL.has(kind)) return effectWords(trace, event) !== '';
  return (
    kind !== Kind.LOOP &&
    kind !== Kind.OBJECT &&
    kind !== Kind.NOTE &&
    !(kind === Kind.TASK && library(trace, event))
  );
}

function library(trace: Trace, event: EventIndex): boolean {
  return trace.task(trace.subject.at(event))?.library ?? false;
}

/** The task an event is about: its subject, or who caused it. */
function taskOf(trace: Trace, event: EventIndex): number {
  const subject = trace.subject.at(event);
  return trace.task(subject) ? subject : trace.by.at(event);
}

/** Where to look for each finding, and for what the run notes about itself: they stand in one list. */
function findings(trace: Trace): EventIndex[] {
  const found = (trace.findings ?? []).map(({ events }) => events[0] ?? -1);
  return [...found, ...notes(trace).map(({ event }) => runAround(trace, event))].filter(
    (event) => event >= 0,
  );
}

function nearest(events: EventIndex[], from: EventIndex, way: -1 | 1): EventIndex {
  const beyond = events.filter((event) => (way > 0 ? event > from : event < from));
  return beyond.length === 0 ? -1 : way > 0 ? Math.min(...beyond) : Math.max(...beyond);
}
