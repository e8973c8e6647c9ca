/** What a step waited for, and who is who: in the field's words. Plain functions over a trace. */
import { primitivesOf } from './primitives';
import {
  type EventIndex,
  Flag,
  How,
  type Id,
  Kind,
  type Seconds,
  type Site,
  type Task,
  type Timer,
  type Trace,
} from './trace';

/** What a track shows for a stretch of time. RUN to OTHER are states; NONE is before creation and after the end. */
export const State = {
  RUN: 0,
  READY: 1,
  SLEEP: 2,
  SYNC: 3,
  QUEUE: 4,
  TASK: 5,
  IO: 6,
  OTHER: 7,
  NONE: 8,
} as const;
export type State = (typeof State)[keyof typeof State];

/** What a legend calls the states; for SYNC see `syncWords`, too. */
export const STATE_WORDS: Record<State, string> = {
  [State.RUN]: 'runs',
  [State.READY]: 'ready, waits for its turn',
  [State.SLEEP]: 'sleeps',
  [State.SYNC]: 'waits for a lock',
  [State.QUEUE]: 'waits for a queue',
  [State.TASK]: 'waits for a task',
  [State.IO]: 'waits for I/O',
  [State.OTHER]: 'waits for something else',
  [State.NONE]: '',
};

/** For what tasks of runs wait in the state SYNC, each primitive by its own name: 'waits for an event or a lock'. */
export function syncWords(...traces: readonly Trace[]): string {
  const found = new Set<string>();
  // Of the places where a task waited: of others, on the way to them, nobody asked.
  for (const trace of traces)
    for (const [id, state] of states.get(trace)?.entries() ?? [])
      if (state === State.SYNC) found.add(syncName(trace.chains.get(id)?.label ?? ''));
  const names = [...found];
  const last = names.pop();
  return last ? `waits for ${names.length ? `${names.join(', ')} or ` : ''}${last}` : STATE_WORDS[State.SYNC];
}

/** A task's state as the legend calls it, of a wait with this label. */
export function waitWords(state: State, label: string): string {
  return state === State.SYNC ? `waits for ${syncName(label)}` : STATE_WORDS[state];
}

/** 'Event.wait' → 'an event'. */
function syncName(label: string): string {
  const type = /^(Event|Condition|Semaphore|Barrier)\b/.exec(label)?.[0] ?? 'Lock';
  return aType(type).toLowerCase();
}

const BY_NAME: Record<string, State> = {
  sleep: State.SLEEP,
  sync: State.SYNC,
  queue: State.QUEUE,
  task: State.TASK,
  io: State.IO,
};

/** The state a task is in after a step's end. */
export function stateAfter(trace: Trace, step: EventIndex): State {
  return stateAfterStep(trace, trace.how.at(step), trace.chain.at(step), trace.waits.at(step));
}

/** The same, told by the step's own cells. */
export function stateAfterStep(trace: Trace, how: number, chain: number, object: Id): State {
  if (how === How.YIELDED) return State.READY;
  if (how !== How.SUSPENDED) return State.NONE;
  const known = chainState(trace, chain);
  if (known !== State.NONE) return known;
  if (trace.task(object) || trace.object(object) === 'gather') return State.TASK;
  if (trace.object(object) === 'JavaScript promise') return State.IO;
  return State.OTHER;
}

/** By chain: its state, NONE where its kind tells none. */
const states = new WeakMap<Trace, Uint8Array<ArrayBuffer>>();
const UNREAD = 255;

/** Those of the trace that was asked about last: it is mostly the same. By its chains, for it need not be kept for this. */
let lastChains: Trace['chains'] | undefined;
let lastStates: Uint8Array<ArrayBuffer> | undefined;

function chainState(trace: Trace, id: number): State {
  let known = trace.chains === lastChains ? lastStates : states.get(trace);
  if (!known || id >= known.length) {
    const next = new Uint8Array(Math.max(64, id * 2)).fill(UNREAD);
    if (known) next.set(known);
    known = next;
    states.set(trace, known);
  }
  lastChains = trace.chains;
  lastStates = known;
  let state = known[id];
  if (state === undefined || state === UNREAD) {
    const chain = trace.chains.get(id);
    state = BY_NAME[chain?.kind ?? ''] ?? State.NONE;
    if (chain) known[id] = state;
  }
  return state as State;
}

/**
 * What a suspended step awaits: 'sleep(0.05)', 'Queue.get', 'task foo', 'gather'; with its state before an event: the step
 * itself, that is as it was found, or a later one. Empty if it did not suspend.
 */
export function awaited(trace: Trace, step: EventIndex, when: EventIndex = step): string {
  return awaitedName(trace, step) + stateThere(trace, step, when);
}

/** `awaited` without the state in which it was found. */
export function awaitedName(trace: Trace, step: EventIndex): string {
  const how = trace.how.at(step);
  const label = trace.chains.get(trace.chain.at(step))?.label ?? '';
  if (how === How.YIELDED) return label === 'sleep' ? 'sleep(0)' : 'its next turn';
  if (how !== How.SUSPENDED) return '';
  const object = trace.waits.at(step);
  if (label.startsWith('sleep')) {
    const timer = trace.timerOfFuture(object);
    return timer ? label.replace('sleep', `sleep(${number(lengthOf(trace, timer))})`) : label;
  }
  const task = trace.task(object);
  const primitive = trace.primitives.get(trace.aux.at(step));
  if (primitive && (label.includes('.') || label === 'acquire')) {
    const name = primitiveLabel(trace, trace.aux.at(step));
    const method = label === 'acquire' ? '.acquire' : label.slice(label.indexOf('.'));
    return primitive.name ? `${name}${method}` : `${name} (${primitive.type}${method})`;
  }
  if (label) return label === 'wait' || label === 'wait_for' ? `asyncio.${label}` : label;
  if (task) return `task ${taskLabel(trace, object)}`;
  return trace.object(object) ?? 'a future';
}

/**
 * The one name of a task, on tracks and in sentences: what the program called it, else its coroutine. Twins are told apart:
 *
 *     create_task(work(), name='Ada')     Ada
 *     create_task(fetch())                fetch          fetch 3, fetch 4: Task-3 and Task-4 run it both
 *     two of one name                     Ada (work), Ada (rest)
 */
export function taskLabel(trace: Trace, id: Id): string {
  const task = trace.task(id);
  if (!task) return trace.timer(id) ? 'a timer' : id ? 'a callback' : 'outside';
  const coroutine = coroutineOf(task);
  const number = numberOf(task);
  if (number === undefined)
    return coroutine && count(trace, CHOSEN + task.name) > 1 ? `${task.name} (${coroutine})` : task.name;
  return !coroutine || count(trace, coroutine) > 1 ? `${coroutine || 'task'} ${number}` : coroutine;
}

/** 'main.<locals>.fetch' is told apart by its last part. */
function coroutineOf({ coroutine }: Task): string {
  return coroutine.split('<locals>.').at(-1) ?? '';
}

/** The number that asyncio gave a task without a name. */
function numberOf({ name }: Task): string | undefined {
  return /^Task-(\d+)$/.exec(name)?.[1];
}

/** Before a name that the program chose. */
const CHOSEN = '=';

/** How many tasks are called so, or were called so by the program. */
function count(trace: Trace, called: string): number {
  let known = names.get(trace);
  if (!known) {
    known = { tasks: 0, counts: new Map() };
    names.set(trace, known);
  }
  const { counts } = known;
  const add = (name: string): unknown => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (; known.tasks < trace.tasks.length; known.tasks++) {
    const task = trace.tasks[known.tasks] as Task;
    if (numberOf(task) !== undefined) add(coroutineOf(task));
    else {
      add(task.name);
      add(CHOSEN + task.name);
    }
  }
  return counts.get(called) ?? 0;
}

const names = new WeakMap<Trace, { tasks: number; counts: Map<string, number> }>();

/** A lock's, event's, queue's name: the program's, else 'the Lock made at line 4'. */
export function primitiveLabel(trace: Trace, id: Id): string {
  const { type = '', name = '', site = 0 } = trace.primitives.get(id) ?? {};
  const line = trace.sites.get(site)?.line;
  return name || (line ? `the ${type} made at line ${line}` : aType(type));
}

/** 'a Lock', 'an Event'. */
export function aType(type: string): string {
  return `${/^[AEIOU]/.test(type) ? 'an' : 'a'} ${type}`;
}

/** In which state before an event is what a step waits for: ', held by foo', ' (empty)'; '' where there is nothing to tell. */
export function stateThere(trace: Trace, step: EventIndex, when: EventIndex = step): string {
  if (trace.how.at(step) !== How.SUSPENDED) return '';
  const id = trace.aux.at(step);
  const primitive = trace.primitives.get(id);
  // The histories are read for who waits for one: it takes a look at every event.
  const state = primitive && primitivesOf(trace).before(id, when);
  if (!state) return '';
  const { type, bound } = primitive;
  const label = trace.chains.get(trace.chain.at(step))?.label ?? '';
  if (type === 'Lock' || type.endsWith('Semaphore')) {
    const holders = listed(state.holders.map((holder) => taskLabel(trace, holder)));
    return holders ? `, held by ${holders}` : '';
  }
  if (type === 'Barrier' && bound > 0) return ` (${bound - state.value} more must come)`;
  if (label.startsWith('Queue.join')) return ` (${state.unfinished} unfinished)`;
  if (label.startsWith('Queue.get')) return state.value === 0 ? ' (empty)' : '';
  if (label.startsWith('Queue.put') && bound > 0) return ` (full: ${state.value} of ${bound})`;
  return '';
}

/** Names in a sentence: 'a', 'a and b', 'a, b, c and 3 others'. */
export function listed(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} others`;
  return [names.slice(0, -1).join(', '), names.at(-1) ?? ''].filter(Boolean).join(' and ');
}

/** The program's line at which an event was caused. */
export function lineOf(trace: Trace, event: EventIndex): number | undefined {
  return trace.sites.get(trace.site.at(event))?.line;
}

/** ' at line 12'; '': unknown. */
export function at(line: number | undefined): string {
  return line === undefined ? '' : ` at line ${line}`;
}

export function timerById(trace: Trace, id: Id): Timer | undefined {
  return trace.timer(id);
}

/** How long a timer was armed for, in words. */
export function timerLength(trace: Trace, timer: Timer): string {
  return duration(lengthOf(trace, timer));
}

/** Past this no clock goes: it is how the wire carries inf. */
const FOR_EVER: Seconds = 1e11;
/** A timeout is armed for a point in time: a real clock goes on between that and the arming. */
const GRAIN: Seconds = 2e-4;

function lengthOf(trace: Trace, timer: Timer): Seconds {
  const length = timer.when - timer.at;
  if (length >= FOR_EVER) return Infinity;
  if (trace.text(trace.aux.at(timer.armed)) !== 'Timeout._on_timeout' || !isReal(trace)) return length;
  for (const digits of [1, 2, 3]) {
    const asked = Number(length.toPrecision(digits));
    if (asked >= length && asked - length < Math.min(GRAIN, length / 100)) return asked;
  }
  return length;
}

/** Whether a run was under the real clock: then its loops have numbers. */
function isReal(trace: Trace): boolean {
  let real = reals.get(trace);
  for (let i = 0; real === undefined && i < trace.count; i++)
    if (trace.kind.at(i) === Kind.LOOP) real = trace.subject.at(i) !== 0;
  if (real !== undefined) reals.set(trace, real);
  return real ?? false;
}

const reals = new WeakMap<Trace, boolean>();

/** The timer that will resolve a future. */
export function timerOfFuture(trace: Trace, future: Id): Timer | undefined {
  return trace.timerOfFuture(future);
}

/** The type of an awaited object: 'gather', 'Future'; '': unknown. */
export function objectName(trace: Trace, id: Id): string {
  return trace.object(id) ?? '';
}

/** The innermost line of the program itself in an event's await chain; the awaited expression of a suspended step. */
export function ownSite(trace: Trace, event: EventIndex): Site | undefined {
  const id = trace.chain.at(event);
  if (!id) return undefined;
  let known = sites.get(trace);
  if (!known) {
    known = [];
    sites.set(trace, known);
  }
  const found = known[id];
  if (found) return found;
  const chain = trace.chains.get(id);
  for (let k = (chain?.sites.length ?? 0) - 1; k >= 0; k--) {
    const site = trace.sites.get(chain?.sites[k] as number);
    if (!site || !trace.codes.get(site.code)?.own) continue;
    known[id] = site;
    return site;
  }
  return undefined;
}

/** By chain: its innermost own line. Chains never change. */
const sites = new WeakMap<Trace, (Site | undefined)[]>();

/** The first CANCEL that a step's task was told of since its previous step; -1: none. */
export function cancelBefore(trace: Trace, step: EventIndex): EventIndex {
  const asked = askedBefore(trace, step);
  return asked >= 0 && endedOtherwise(trace, step) ? -1 : asked;
}

/** Who waits for another task passes a request on to it, and is never told of it where that one does not end by it. */
function endedOtherwise(trace: Trace, step: EventIndex): boolean {
  const previous = previousStep(trace, step);
  if (previous < 0 || trace.how.at(previous) !== How.SUSPENDED) return false;
  const child = trace.waits.at(previous);
  if (!trace.task(child)) return false;
  for (let i = step - 1; i > previous; i--) {
    if (trace.kind.at(i) !== Kind.STEP || trace.subject.at(i) !== child) continue;
    return trace.how.at(i) === How.RETURNED || trace.how.at(i) === How.RAISED;
  }
  return false;
}

function askedBefore(trace: Trace, step: EventIndex): EventIndex {
  const subject = trace.subject.at(step);
  let found = -1;
  // What a task asks of itself it asks during a step, and that is felt in the next one: the step before is looked at, too.
  let before = false;
  // What an eager task does in its first step comes before its creation.
  let eager = false;
  let created = false;
  for (let i = step - 1; i >= 0; i--) {
    const kind = trace.kind.at(i);
    if (trace.subject.at(i) !== subject) {
      if (created && kind === Kind.STEP && !(trace.flags.at(i) & Flag.EAGER)) break;
      continue;
    }
    if (kind === Kind.CANCEL) {
      const during = trace.how.at(i) === How.BY_STOP ? trace.via.at(i) : trace.by.at(i);
      const own = during === subject;
      if (trace.how.at(i) === How.WITHDRAWN && before) break;
      if (trace.how.at(i) !== How.WITHDRAWN && own === before) found = i;
    } else if (kind === Kind.STEP || kind === Kind.TASK) {
      if (kind === Kind.TASK && eager && found < 0) {
        created = true;
        continue;
      }
      if (before || found >= 0 || kind === Kind.TASK) break;
      before = true;
      eager = (trace.flags.at(i) & Flag.EAGER) !== 0;
    }
  }
  return found;
}

/** The step of the same task before this one; -1: none. */
export function previousStep(trace: Trace, step: EventIndex): EventIndex {
  const subject = trace.subject.at(step);
  for (let i = step - 1; i >= 0; i--) {
    if (trace.subject.at(i) !== subject) continue;
    if (trace.kind.at(i) === Kind.STEP) return i;
    if (trace.kind.at(i) === Kind.TASK) return -1;
  }
  return -1;
}

/**
 * A duration or instant in a unit that reads well: '0 s', '12.5 µs', '50 ms', '1.25 s'. `grain`: seconds by which it may
 * differ from what stands beside it.
 */
export function duration(seconds: Seconds, grain: Seconds = Infinity): string {
  if (seconds === 0) return '0 s';
  if (!Number.isFinite(seconds)) return 'inf';
  const digits = 1 + Math.floor(Math.log10(Math.abs(seconds))) - Math.floor(Math.log10(grain));
  // 0.99999999 s is a second, not 1000 ms.
  const size = Math.abs(rounded(seconds, digits));
  if (size < 1e-3) return `${number(seconds * 1e6, digits)} µs`;
  if (size < 1) return `${number(seconds * 1e3, digits)} ms`;
  return `${number(seconds, digits)} s`;
}

/** With as many digits as wanted: four at least, twelve at most. */
function number(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return 'inf';
  return String(rounded(value, digits));
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(Math.min(Math.max(digits, 4), 12)));
}
