/**
 * Where two runs part: the loop's decisions, one after another, until one of them is another one.
 *
 *     first     main  foo  bar  foo …
 *     second    main  foo  foo  …          they part at the third: bar, foo
 */
import { awaited } from '../trace/reason';
import { isRun } from '../trace/runs';
import { type EventIndex, How, Kind, type Trace } from '../trace/trace';
import { pathsOf } from './match';

export interface Parting {
  /** How many handles ran alike before. */
  alike: number;
  /** The handles that ran next; -1: none did, that run was over. */
  events: readonly [EventIndex, EventIndex];
}

export interface Partings {
  /** The first decision where the two part; undefined: the loop decided alike to the end. */
  decision: Parting | undefined;
  /** The first step that ran in both and ended in another way; undefined: none before the decision. */
  step: Parting | undefined;
}

export function partingsOf(first: Trace, second: Trace): Partings {
  const [left, right] = [handles(first), handles(second)];
  let step: Parting | undefined;
  for (let alike = 0; ; alike++) {
    const a = left.next().value;
    const b = right.next().value;
    if (!a && !b) return { decision: undefined, step };
    const events = [a?.event ?? -1, b?.event ?? -1] as const;
    if (a?.who !== b?.who) return { decision: { alike, events }, step };
    if (!step && a?.what !== b?.what) step = { alike, events };
  }
}

interface Handle {
  event: EventIndex;
  who: string;
  what: string;
}

/** What the loop ran, in its order. */
function* handles(trace: Trace): Generator<Handle, undefined> {
  const paths = pathsOf(trace);
  for (let event = 0; event < trace.count; event++) {
    if (!isRun(trace, event)) continue;
    const step = trace.kind.at(event) === Kind.STEP;
    const who = step
      ? (paths.get(trace.subject.at(event)) ?? 'task')
      : `callback ${trace.text(trace.aux.at(event))}`;
    yield { event, who, what: step ? ending(trace, event) : '' };
  }
  return undefined;
}

/** How a step ended, as both runs can tell it: 'waits for sleep(0.1)'. */
function ending(trace: Trace, event: EventIndex): string {
  const how = trace.how.at(event);
  if (how === How.RAISED) return `raises ${trace.text(trace.aux.at(event))}`;
  // Who holds a lock is no difference of this step.
  return `${how} ${awaited(trace, event).replace(/, held by .*$/, '')}`;
}
