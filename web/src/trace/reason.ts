/** What a step waited for, who woke it, and who is who: in the field's words. Plain functions over a trace. */
import { type EventIndex, How, type Id, Kind, type Seconds, type Site, type Trace } from './trace';

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

const BY_NAME: Record<string, State> = {
  sleep: State.SLEEP,
  sync: State.SYNC,
  queue: State.QUEUE,
  task: State.TASK,
  io: State.IO,
};

/** The state a task is in after a step's end. */
export function stateAfter(trace: Trace, step: EventIndex): State {
  const how = trace.how.at(step);
  if (how === How.YIELDED) return State.READY;
  if (how !== How.SUSPENDED) return State.NONE;
  const known = chainState(trace, trace.chain.at(step));
  if (known !== State.NONE) return known;
  const object = trace.waits.at(step);
  if (trace.task(object) || trace.object(object) === 'gather') return State.TASK;
  if (trace.object(object) === 'JavaScript promise') return State.IO;
  return State.OTHER;
}

/** By chain: its state, NONE where its kind tells none. */
const states = new WeakMap<Trace, Uint8Array<ArrayBuffer>>();
const UNREAD = 255;

function chainState(trace: Trace, id: number): State {
  let known = states.get(trace);
  if (!known || id >= known.length) {
    const next = new Uint8Array(Math.max(64, id * 2)).fill(UNREAD);
    if (known) next.set(known);
    known = next;
    states.set(trace, known);
  }
  let state = known[id];
  if (state === undefined || state === UNREAD) {
    const chain = trace.chains.get(id);
    state = BY_NAME[chain?.kind ?? ''] ?? State.NONE;
    if (chain) known[id] = state;
  }
  return state as State;
}

/** What a suspended step awaits: 'sleep(0.05)', 'Queue.get', 'task foo', 'gather'. Empty if it did not suspend. */
export function awaited(trace: Trace, step: EventIndex): string {
  const how = trace.how.at(step);
  const label = trace.chains.get(trace.chain.at(step))?.label ?? '';
  if (how === How.YIELDED) return label === 'sleep' ? 'sleep(0)' : 'its next turn';
  if (how !== How.SUSPENDED) return '';
  const object = trace.waits.at(step);
  if (label.startsWith('sleep')) {
    const timer = trace.timerOfFuture(object);
    return timer ? label.replace('sleep', `sleep(${number(timer.when - timer.at)})`) : label;
  }
  const task = trace.task(object);
  const primitive = trace.aux.at(step);
  if (trace.primitives.has(primitive) && label.includes('.')) {
    return `${primitiveLabel(trace, primitive)}${label.slice(label.indexOf('.'))}${heldBy(trace, primitive, step)}`;
  }
  if (label) return label;
  if (task) return `task ${taskLabel(trace, object)}`;
  return trace.object(object) ?? 'a future';
}

/** Name of a task on tracks and in sentences: its coroutine, with the task's name where that tells more. */
export function taskLabel(trace: Trace, id: Id): string {
  const task = trace.task(id);
  if (!task) return trace.timer(id) ? 'a timer' : id ? 'a callback' : 'outside';
  // 'main.<locals>.fetch' is told apart by its last part.
  const coroutine = task.coroutine.split('<locals>.').at(-1) ?? '';
  const chosen = !/^Task-\d+$/.test(task.name);
  const twin = trace.tasks.some((other) => other !== task && other.coroutine === task.coroutine);
  if (chosen) return coroutine ? `${task.name} (${coroutine})` : task.name;
  return twin || !coroutine ? `${coroutine || 'task'} (${task.name})` : coroutine;
}

/** A lock's, event's, queue's name: the program's, else its type and where it was made. */
export function primitiveLabel(trace: Trace, id: Id): string {
  const { type = '', name = '', site = 0 } = trace.primitives.get(id) ?? {};
  const line = trace.sites.get(site)?.line;
  return name || (line ? `${type} of line ${line}` : type);
}

/** ', held by foo' for a lock that is held at an event; '' otherwise. */
function heldBy(trace: Trace, id: Id, event: EventIndex): string {
  if (trace.primitives.get(id)?.type !== 'Lock') return '';
  const state = stateBefore(trace, id, event);
  return state >= 0 && trace.aux.at(state) ? `, held by ${taskLabel(trace, trace.by.at(state))}` : '';
}

/** The latest STATE event of a primitive before an event; -1: none. Its aux is the state. */
export function stateBefore(trace: Trace, id: Id, event: EventIndex): EventIndex {
  for (let i = event - 1; i >= 0; i--)
    if (trace.kind.at(i) === Kind.STATE && trace.subject.at(i) === id) return i;
  return -1;
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

/** Why a step ran when it did: 'created by main, line 18', 'woken by put in producer, line 7', 'its timer fired'. */
export function cause(trace: Trace, step: EventIndex): string {
  const subject = trace.subject.at(step);
  const by = trace.by.at(step);
  const site = trace.sites.get(trace.site.at(step));
  const at = site ? `, line ${site.line}` : '';
  const task = trace.task(subject);
  if (task && previousStep(trace, step) < 0)
    return by ? `created by ${taskLabel(trace, by)}${at}` : `started by the program${at}`;
  const cancel = cancelBefore(trace, step);
  if (cancel >= 0) {
    const line = trace.sites.get(trace.site.at(cancel))?.line;
    return `cancelled by ${who(trace, trace.by.at(cancel))}${line ? `, line ${line}` : ''}`;
  }
  if (by === subject) return 'it yielded and took its next turn';
  if (trace.timer(by)) return 'its timer came due';
  const via = trace.via.at(step);
  if (via && trace.task(via)) return `${taskLabel(trace, via)} ended`;
  const object = trace.object(via);
  if (object) return `${object} is done`;
  if (!by) return 'woken from outside the loop';
  return `woken by ${taskLabel(trace, by)}${at}`;
}

/** Who caused something, where 0 is the program itself: its lines outside of any task. */
function who(trace: Trace, id: Id): string {
  return id ? taskLabel(trace, id) : 'the program';
}

/** The first CANCEL of a step's task since its previous step; -1: none. */
export function cancelBefore(trace: Trace, step: EventIndex): EventIndex {
  const subject = trace.subject.at(step);
  let found = -1;
  // What a task asks of itself it asks during a step, and that is felt in the next one: the step before is looked at, too.
  let before = false;
  for (let i = step - 1; i >= 0; i--) {
    if (trace.subject.at(i) !== subject) continue;
    const kind = trace.kind.at(i);
    if (kind === Kind.CANCEL) {
      const own = trace.by.at(i) === subject;
      if (trace.how.at(i) === How.WITHDRAWN && before) break;
      if (trace.how.at(i) !== How.WITHDRAWN && own === before) found = i;
    } else if (kind === Kind.STEP || kind === Kind.TASK) {
      if (before || found >= 0 || kind === Kind.TASK) break;
      before = true;
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

/** A duration or instant in a unit that reads well: '0 s', '12.5 µs', '50 ms', '1.25 s'. */
export function duration(seconds: Seconds): string {
  const size = Math.abs(seconds);
  if (size === 0) return '0 s';
  if (size < 1e-3) return `${number(seconds * 1e6)} µs`;
  if (size < 1) return `${number(seconds * 1e3)} ms`;
  return `${number(seconds)} s`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}
