/**
 * Locks, events, semaphores, conditions, barriers and queues over time: the state of each at any event, who holds it and
 * who waits for it. Read once from the trace as it grows, answered by binary search.
 */
import { Heads } from './heads';
import { type EventIndex, How, type Id, Kind, type Trace } from './trace';

export interface PrimitiveState {
  /** Locked or set: 1, else 0; a semaphore's free places; tasks at a barrier; items in a queue. */
  value: number;
  /** Of a queue: items that task_done() was not called for yet. */
  unfinished: number;
  /** Tasks that hold the lock or a place of the semaphore, in the order in which they took it. */
  holders: Id[];
  /** Tasks that wait for it, first come first. */
  waiters: Id[];
}

/** From event `begin` to before event `end`. */
interface Span {
  task: Id;
  begin: EventIndex;
  end: EventIndex;
}

/** Rows at hand, see `Primitives.update`: cells of many at a time come several times as fast. */
const heads = new Heads('kind', 'how', 'subject', 'aux');

class History {
  readonly events: EventIndex[] = [];
  readonly values: number[] = [];
  readonly unfinished: number[] = [];
  readonly held: Span[] = [];
  readonly waits: Span[] = [];
  /** Places in `held` and `waits` that are open. */
  holding: number[] = [];
  waiting: number[] = [];
}

export class Primitives {
  private readonly histories = new Map<Id, History>();
  /** What each waiting task waits for. */
  private readonly waitsFor = new Map<Id, Id>();
  private read = 0;

  constructor(private readonly trace: Trace) {}

  /** Ids of those that were made before an event, in order. */
  madeBefore(event: EventIndex): Id[] {
    this.update();
    return [...this.histories].filter(([, history]) => (history.events[0] ?? 0) < event).map(([id]) => id);
  }

  /** The state just before an event; undefined: not made yet. */
  before(id: Id, event: EventIndex): PrimitiveState | undefined {
    this.update();
    const history = this.histories.get(id);
    if (!history) return undefined;
    const k = below(history.events, event) - 1;
    if (k < 0) return undefined;
    return {
      value: history.values[k] as number,
      unfinished: history.unfinished[k] as number,
      holders: openAt(history.held, event),
      waiters: openAt(history.waits, event),
    };
  }

  /** Changes of a primitive's value, in order: events and values. */
  changes(id: Id): { events: readonly EventIndex[]; values: readonly number[] } {
    this.update();
    return this.histories.get(id) ?? { events: [], values: [] };
  }

  private update(): void {
    const { trace } = this;
    const { kind, how, subject, aux } = heads;
    for (let n = 0; this.read < trace.count; this.read += n) {
      n = trace.heads(this.read, heads);
      for (let k = 0; k < n; k++) {
        const event = this.read + k;
        if (kind[k] === Kind.STEP) this.step(event, subject[k] as Id, how[k] === How.SUSPENDED, aux[k] as Id);
        else if (kind[k] === Kind.STATE) this.state(event);
        else if (kind[k] === Kind.CANCEL && how[k] !== How.WITHDRAWN) this.leave(subject[k] as Id, event);
      }
    }
  }

  private step(event: EventIndex, task: Id, suspended: boolean, id: Id): void {
    this.leave(task, event);
    if (!suspended || !this.trace.primitives.has(id)) return;
    const history = this.historyOf(id);
    history.waiting.push(history.waits.length);
    history.waits.push({ task, begin: event, end: Infinity });
    this.waitsFor.set(task, id);
  }

  /** A task no longer waits. */
  private leave(task: Id, event: EventIndex): void {
    const id = this.waitsFor.size > 0 ? this.waitsFor.get(task) : undefined;
    if (id === undefined) return;
    this.waitsFor.delete(task);
    const history = this.historyOf(id);
    history.waiting = history.waiting.filter((place) => !close(history.waits, place, task, event));
  }

  private state(event: EventIndex): void {
    const { trace } = this;
    if (trace.how.at(event) === How.NOTIFIED) return;
    const id = trace.subject.at(event);
    const value = trace.aux.at(event);
    const history = this.historyOf(id);
    const type = trace.primitives.get(id)?.type ?? '';
    const before = history.values.at(-1);
    const left = history.unfinished.at(-1) ?? 0;
    history.events.push(event);
    if (trace.how.at(event) === How.UNFINISHED) {
      history.values.push(before ?? 0);
      history.unfinished.push(value);
      return;
    }
    history.values.push(value);
    history.unfinished.push(left + (type.endsWith('Queue') && value > (before ?? 0) ? 1 : 0));
    if (before === undefined || before === value) return;
    if (type === 'Lock' || type.endsWith('Semaphore')) {
      // A lock goes to whoever runs; a semaphore's place goes to the first who waits, before that one runs.
      const by = trace.by.at(event);
      const taken = type === 'Lock' ? value > before : value < before;
      if (!taken) this.giveBack(history, by, event);
      else {
        const heir = type === 'Lock' ? undefined : history.waits[history.waiting[0] ?? -1]?.task;
        if (heir !== undefined) this.leave(heir, event);
        history.holding.push(history.held.length);
        history.held.push({ task: heir ?? by, begin: event, end: Infinity });
      }
    }
  }

  /** Who gives back what others took makes nobody's hold certain: then all that are open end here. */
  private giveBack(history: History, by: Id, event: EventIndex): void {
    const mine = history.holding.find((place) => history.held[place]?.task === by);
    const ended = mine === undefined ? history.holding : [mine];
    for (const place of ended) close(history.held, place, (history.held[place] as Span).task, event);
    history.holding = history.holding.filter((place) => !ended.includes(place));
  }

  private historyOf(id: Id): History {
    let history = this.histories.get(id);
    if (!history) {
      history = new History();
      this.histories.set(id, history);
    }
    return history;
  }
}

function close(spans: Span[], place: number, task: Id, event: EventIndex): boolean {
  const span = spans[place];
  if (!span || span.task !== task) return false;
  span.end = event;
  return true;
}

/** How many of the sorted events come before one. */
function below(events: readonly EventIndex[], event: EventIndex): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle] as EventIndex) < event) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How far a search goes back: spans that began this much earlier and are still open are not looked for. */
const BACK = 5000;

function openAt(spans: readonly Span[], event: EventIndex): Id[] {
  let k = spans.length;
  let low = 0;
  while (low < k) {
    const middle = (low + k) >>> 1;
    if ((spans[middle] as Span).begin < event) low = middle + 1;
    else k = middle;
  }
  const found: Id[] = [];
  for (let i = k - 1; i >= 0 && i >= k - BACK; i--) {
    const span = spans[i] as Span;
    if (span.end >= event) found.push(span.task);
  }
  return [...new Set(found.reverse())];
}

const known = new WeakMap<Trace, Primitives>();

/** The primitives of a trace. */
export function primitivesOf(trace: Trace): Primitives {
  let primitives = known.get(trace);
  if (!primitives) {
    primitives = new Primitives(trace);
    known.set(trace, primitives);
  }
  return primitives;
}
