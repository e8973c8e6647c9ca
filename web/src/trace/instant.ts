/**
 * The state of everything at an event: who runs, who is ready in which order, which timers are armed, what each task
 * waits for, what was printed so far.
 *
 * The instant of event e is the moment its row was written: rows 0…e have happened. At the row of a step or callback
 * what it did has been done, and it is still the one that runs:
 *
 *     row       7       8      9
 *               OUTPUT  TASK   STEP        instants 7, 8 and 9: this step runs; the new task is ready at 8 and 9
 */
import { dueBefore } from './due';
import { Heads } from './heads';
import { Writings, type Written } from './prints';
import { ownSite, State, stateAfter } from './reason';
import { firstOfEager } from './runs';
import { type Shared, SharedStates } from './shared';
import { Timers } from './timers';
import {
  type EventIndex,
  Flag,
  type Id,
  Kind,
  type Seconds,
  type Site,
  type Timer,
  type Trace,
} from './trace';
import type { Tracks } from './tracks';

/** Rows that are being read. */
const heads = new Heads('kind', 'subject');

export interface ReadyHandle {
  /** Id of the task or callback. */
  subject: Id;
  /** Its run, later in the trace; -1: the trace ends before. */
  run: EventIndex;
}

export interface TaskState {
  id: Id;
  state: State;
  /** Its latest complete step; -1: none yet. */
  step: EventIndex;
  /** The program's own line where it is suspended. */
  site: Site | undefined;
  /** When its timer came due, if the loop has been too busy since to see it. */
  due: Seconds | undefined;
}

export interface Instant {
  event: EventIndex;
  clock: Seconds;
  /** Ids of what runs: the handle's subject, then tasks whose eager first step runs inside it. Empty: nothing. */
  running: Id[];
  /** In the order in which they will run. */
  queue: ReadyHandle[];
  /** Armed timers, the next one due first. */
  timers: Timer[];
  /** Tasks that exist and have not ended, in order of creation. */
  tasks: TaskState[];
  /** Locks, queues and their like, with who waits for them. */
  shared: Shared[];
  /** What the program had written. */
  written: Written;
}

/** Tables that grow with the trace and answer for any instant by binary search. */
export class Instants {
  private read = 0;
  private readonly timers: Timers;
  private readonly shared: SharedStates;
  private readonly writings: Writings;

  constructor(private readonly tracks: Tracks) {
    this.timers = new Timers(tracks.trace);
    this.shared = new SharedStates(tracks.trace);
    this.writings = new Writings(tracks.trace);
  }

  /** Rows of OUTPUT events, in order. */
  get outputs(): readonly EventIndex[] {
    return this.tracks.trace.outputs;
  }

  /** What the program wrote up to an event. */
  written(event: EventIndex): Written {
    this.take(Infinity);
    return this.writings.upTo(event);
  }

  at(event: EventIndex): Instant {
    this.take(Infinity);
    const { trace } = this.tracks;
    const running = this.runningAt(event);
    const clock = clockOf(trace, event);
    const armed = this.timers.armedAt(event);
    const late = this.timers.firstDue(armed) < clock;
    const tasks = this.tasksAt(event, running, late);
    const waiting = (): TaskState[] =>
      tasks.filter(({ state }) => state !== State.RUN && state !== State.READY);
    // Of thousands most are never asked for: lists are made when they are.
    const queue = once(() => this.queueAt(event));
    const timers = once(() => this.timers.sorted(armed));
    const shared = once(() => this.shared.at(event, waiting()));
    return {
      event,
      clock,
      running,
      tasks,
      written: this.written(event),
      get queue() {
        return queue();
      },
      get timers() {
        return timers();
      },
      get shared() {
        return shared();
      },
    };
  }

  /**
   * Takes in so many rows of what the trace got since the last time, some thousands more at most; whether there are others.
   * Who asks for an instant has all of them taken in: of a million that takes as long as several frames.
   */
  take(most: number): boolean {
    const { trace } = this.tracks;
    const { kind, subject } = heads;
    const stop = this.read + most;
    for (let n = 0; this.read < trace.count && this.read < stop; this.read += n) {
      n = trace.heads(this.read, heads);
      for (let k = 0; k < n; k++) {
        const row = this.read + k;
        if (kind[k] === Kind.STATE) this.shared.note(row);
        else if (kind[k] === Kind.OUTPUT) this.writings.note(row);
        else if (kind[k] === Kind.TIMER) this.timers.arm(row);
        else if (kind[k] === Kind.TIMER_CANCELLED || kind[k] === Kind.CALLBACK)
          this.timers.end(subject[k] as Id, row);
      }
    }
    return this.read < trace.count;
  }

  private runningAt(event: EventIndex): Id[] {
    const { trace, scale } = this.tracks;
    const { runs } = scale;
    const k = runs.runOf(event);
    if (k < 0) return event >= runs.open && trace.running.subject ? [trace.running.subject] : [];
    const row = runs.rowOf(k);
    const ids = [trace.subject.at(row)];
    // An eager step's rows come before its own: those that enclose the event, the outermost last in the log.
    for (let r = row - 1; r >= event; r--) {
      if (isEager(trace, r) && event >= firstOfEager(trace, r)) ids.push(trace.subject.at(r));
    }
    return ids;
  }

  private queueAt(event: EventIndex): ReadyHandle[] {
    const { trace, scale } = this.tracks;
    const { runs } = scale;
    const queue: ReadyHandle[] = [];
    // Handles run in the order in which they became ready, so those ready now are the next runs.
    for (let k = runs.firstAtOrAfter(event); k < runs.count; k++) {
      const row = runs.rowOf(k);
      if (runs.firstOf(k) <= event) continue;
      if (trace.readySeq.at(row) > event) break;
      queue.push({ subject: trace.subject.at(row), run: row });
    }
    for (const task of trace.tasks) {
      if (task.created > event) break;
      if (task.steps === 0) queue.push({ subject: task.id, run: -1 });
    }
    return queue;
  }

  /** `late`: a timer was due before, so that a task may be due. */
  private tasksAt(event: EventIndex, running: readonly Id[], late: boolean): TaskState[] {
    const { trace } = this.tracks;
    const clock = clockOf(trace, event);
    const tasks: TaskState[] = [];
    const { runs: handles } = this.tracks.scale;
    // Rows of tasks come in order of creation; of what runs an eager task's may come later.
    const last = running.reduce((most, id) => Math.max(most, trace.task(id)?.index ?? -1), -1);
    for (const task of trace.tasks) {
      const later = task.created > event;
      if (later && task.index > last) break;
      const runs = task.index <= last && running.includes(task.id);
      if (later && !runs) continue;
      if (task.outcome && task.lastStep <= event && !runs) continue;
      if (task.destroyed >= 0 && task.destroyed <= event) continue;
      const [step, next] = this.tracks.stepsAround(task.index + 1, event);
      const after = step < 0 ? State.READY : stateAfter(trace, step);
      const woken = next >= 0 && trace.readySeq.at(next) <= event;
      const due = !late || runs || woken ? undefined : dueBefore(trace, handles, step, clock)?.when;
      const state = runs ? State.RUN : after !== State.NONE && woken ? State.READY : after;
      if (state === State.NONE) continue;
      tasks.push({ id: task.id, state, step, site: step < 0 ? undefined : ownSite(trace, step), due });
    }
    return tasks;
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** The clock when an event's row was written. */
function clockOf(trace: Trace, event: EventIndex): Seconds {
  const kind = trace.kind.at(event);
  const lasts = kind === Kind.STEP || kind === Kind.CALLBACK || kind === Kind.IDLE;
  return (lasts ? trace.end.at(event) : trace.t.at(event)) as Seconds;
}

function isEager(trace: Trace, event: EventIndex): boolean {
  return trace.kind.at(event) === Kind.STEP && (trace.flags.at(event) & Flag.EAGER) !== 0;
}
