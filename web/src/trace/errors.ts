/** Exceptions: what left a step, where it was raised, where it came from, and who asked for it. */
import { type EventIndex, How, type Id, Kind, type Trace } from './trace';

export interface Raised {
  /** 'ValueError: no such user'. */
  text: string;
  /** The ERROR row of it; -1: not recorded. */
  event: EventIndex;
  /** The task that raised it first; 0: it was raised here. */
  from: Id;
  /** Of an exception group: those in it, with the task that raised each. */
  parts: { text: string; from: Id }[];
}

/** The exception that left a step or callback; undefined: none did. */
export function raised(trace: Trace, run: EventIndex): Raised | undefined {
  if (trace.how.at(run) !== How.RAISED && trace.how.at(run) !== How.INTERRUPTED) return undefined;
  const subject = trace.subject.at(run);
  for (let i = run - 1; i >= 0 && !isRunRow(trace, i); i--) {
    if (trace.kind.at(i) !== Kind.ERROR || trace.how.at(i) !== How.RAISED || trace.subject.at(i) !== subject)
      continue;
    const id = trace.via.at(i);
    const parts: Raised['parts'] = [];
    for (let k = i + 1; k < run; k++) {
      if (trace.kind.at(k) === Kind.ERROR && trace.how.at(k) === How.PART && trace.subject.at(k) === id)
        parts.push({ text: trace.text(trace.aux.at(k)), from: origin(trace, k) });
    }
    return { text: trace.text(trace.aux.at(i)), event: i, from: origin(trace, i), parts };
  }
  const name = trace.text(trace.aux.at(run)) || 'an exception';
  return { text: name, event: -1, from: 0, parts: [] };
}

/** Which task raised the exception of an ERROR row first; 0: none before this row. */
function origin(trace: Trace, row: EventIndex): Id {
  const id = trace.via.at(row);
  let first = 0;
  if (!id) return 0;
  for (let i = row - 1; i >= 0; i--) {
    if (trace.kind.at(i) === Kind.ERROR && trace.how.at(i) === How.RAISED && trace.via.at(i) === id)
      first = trace.subject.at(i);
  }
  return first;
}

export interface Asked {
  by: Id;
  /** 'gather', 'TaskGroup', 'asyncio.run'; '': the program itself. */
  through: string;
  line: number | undefined;
  event: EventIndex;
}

/** Who asked for a failed task's exception first; undefined: nobody so far. */
export function askedFor(trace: Trace, task: Id, from: EventIndex): Asked | undefined {
  for (let i = from; i < trace.count; i++) {
    if (trace.kind.at(i) !== Kind.ERROR || trace.how.at(i) !== How.RETRIEVED || trace.subject.at(i) !== task)
      continue;
    return {
      by: trace.by.at(i),
      through: trace.text(trace.aux.at(i)),
      line: trace.sites.get(trace.site.at(i))?.line,
      event: i,
    };
  }
  return undefined;
}

function isRunRow(trace: Trace, event: EventIndex): boolean {
  const kind = trace.kind.at(event);
  return kind === Kind.STEP || kind === Kind.CALLBACK;
}
