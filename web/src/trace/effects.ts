/** What a step did, apart from printing: tasks it created, primitives it made and changed, timeouts it set. */

import { asksWords } from './cancels';
import { counted } from './counted';
import { primitivesOf } from './primitives';
import { aType, duration, listed, primitiveLabel, taskLabel } from './reason';
import { type EventIndex, How, type Id, Kind, type Trace } from './trace';

interface Effect {
  /** 'puts into queue'. */
  text: string;
  line: number | undefined;
  /** '1 of 2 now'. */
  state: string;
  times: number;
}

const MOST = 6;

/** 'creates foo and bar at line 18', 'puts into queue at line 7 (1 of 2 now)'; in order. */
export function effects(trace: Trace, run: EventIndex): string[] {
  const found: Effect[] = [];
  let created: Id[] = [];
  const rows = rowsOf(trace, run);
  const cancels: EventIndex[] = [];
  for (const [place, row] of rows.entries()) {
    if (trace.kind.at(row) !== Kind.TASK) created = [];
    if (trace.kind.at(row) === Kind.CANCEL && trace.how.at(row) !== How.WITHDRAWN) cancels.push(row);
    const effect = effectOf(trace, row, rows[place + 1]);
    if (!effect) continue;
    const last = found.at(-1);
    if (trace.kind.at(row) === Kind.TASK) {
      const goesOn = created.length > 0 && last?.line === effect.line;
      created = goesOn ? [...created, trace.subject.at(row)] : [trace.subject.at(row)];
      effect.text = `creates ${listed(created.map((id) => taskLabel(trace, id)))}`;
      if (goesOn) found.pop();
      found.push(effect);
    } else if (last && effect.text.startsWith('hands ') && last.text.startsWith('releases ')) {
      // Given back and given away in one call.
      found.splice(-1, 1, effect);
    } else if (last && last.text === effect.text && last.line === effect.line) {
      last.times++;
      last.state = effect.state;
    } else found.push(effect);
  }
  const all = [...found.map(words), ...asksWords(trace, cancels)];
  const shown = all.slice(0, MOST);
  const more = all.length - shown.length;
  return more > 0 ? [...shown, `does ${more} more things of this kind`] : shown;
}

/** One thing that was done, by itself: 'puts into queue (1 of 2 in it)'; empty for what its step tells, or nobody needs. */
export function effectWords(trace: Trace, row: EventIndex): string {
  const effect = effectOf(trace, row, row + 1 < trace.count ? row + 1 : undefined);
  if (effect) return words({ ...effect, text: effect.text.replace(/,$/, ''), line: undefined });
  switch (trace.kind.at(row)) {
    case Kind.TIMER:
      return `arms a timer of ${duration(trace.end.at(row) - trace.t.at(row))}`;
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

function effectOf(trace: Trace, row: EventIndex, next: EventIndex | undefined): Effect | undefined {
  const line = trace.sites.get(trace.site.at(row))?.line;
  const one = (text: string, state = ''): Effect => ({ text, line, state, times: 1 });
  switch (trace.kind.at(row)) {
    case Kind.TASK:
      return one('creates');
    case Kind.TIMER: {
      const name = trace.text(trace.aux.at(row));
      const wait = duration(trace.end.at(row) - trace.t.at(row));
      if (name === 'Timeout._on_timeout') return one(`sets a timeout of ${wait}`);
      if (name === '_release_waiter') return one(`sets a time limit of ${wait}`);
      return name === '_set_result_unless_cancelled' ? undefined : one(`arms a timer of ${wait} for ${name}`);
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
  if (trace.how.at(row) === How.UNFINISHED)
    return one(`marks an item of ${name} as done`, `${value} unfinished`);
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
