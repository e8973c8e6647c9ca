/**
 * The trace: every event of a run in append-only typed columns, and the tables its rows refer to.
 * It only stores. What a trace means is told by functions over it (`reason.ts`, `tracks.ts`, …).
 */
import type { Finding, Frame } from '../protocol/decode';
import { Flag, How, Kind } from '../protocol/generated';

export { type Finding, Flag, How, Kind };

/** Ids of the trace: tasks, timers, callbacks and objects share one number space. Event indexes are row numbers. */
export type Id = number;
export type EventIndex = number;
export type Seconds = number;

export interface Task {
  id: Id;
  /** Position among the run's tasks, in order of creation. */
  index: number;
  /** asyncio's name: 'Task-1', or what the program chose. */
  name: string;
  /** Qualified name of the coroutine: 'main', 'Client.fetch'. */
  coroutine: string;
  /** Id of the task that created it; 0: none. */
  parent: Id;
  created: EventIndex;
  createdAt: Seconds;
  /** Last event of its own: its latest STEP; -1 before the first. */
  lastStep: EventIndex;
  steps: number;
  /** How of the final step (RETURNED, RAISED, CANCELLED), 0 while it lives. */
  outcome: number;
}

export interface Site {
  code: number;
  /** From 1. */
  line: number;
  endLine: number;
  /** In characters, from 0; -1 unknown. */
  column: number;
  endColumn: number;
}

export interface Code {
  name: string;
  file: string;
  firstLine: number;
  /** The program's own code, not a library's. */
  own: boolean;
}

export interface Chain {
  /** Site ids, outermost first. */
  sites: number[];
  /** A WaitKind's name, see reason.ts. */
  kind: string;
  /** In the field's words: 'sleep', 'Lock.acquire', 'Queue.get'. Empty: the chain ends in the program's own code. */
  label: string;
}

export interface Primitive {
  /** 'Lock', 'Queue', … */
  type: string;
  /** What the program bound it to: 'lock', 'self.queue'; '' if to nothing. */
  name: string;
  /** Where it was made. */
  site: number;
}

export interface Timer {
  id: Id;
  armed: EventIndex;
  at: Seconds;
  when: Seconds;
}

const FIRST = 1 << 12;

export class Trace {
  /** Number of events. Columns are longer: read only below it. */
  count = 0;
  t = new Float64Array(FIRST);
  end = new Float64Array(FIRST);
  ready = new Float64Array(FIRST);
  cpu = new Float32Array(FIRST);
  kind = new Uint8Array(FIRST);
  how = new Uint8Array(FIRST);
  flags = new Uint8Array(FIRST);
  subject = new Int32Array(FIRST);
  by = new Int32Array(FIRST);
  site = new Int32Array(FIRST);
  via = new Int32Array(FIRST);
  waits = new Int32Array(FIRST);
  chain = new Int32Array(FIRST);
  readySeq = new Int32Array(FIRST);
  aux = new Int32Array(FIRST);

  readonly strings = new Map<number, string>();
  readonly codes = new Map<number, Code>();
  readonly sites = new Map<number, Site>();
  readonly chains = new Map<number, Chain>();
  /** In order of creation. */
  readonly tasks: Task[] = [];
  private readonly taskOf = new Map<Id, Task>();
  /** Type names of awaited objects: 'gather', 'Future'. */
  readonly objects = new Map<Id, string>();
  /** Locks, events, semaphores, conditions, barriers and queues. */
  readonly primitives = new Map<Id, Primitive>();
  /** By the id of the future a timer will resolve. */
  readonly timerOfFuture = new Map<Id, Timer>();
  readonly timers = new Map<Id, Timer>();
  /** What the run shows that its author should know; undefined until it was analysed. */
  findings: Finding[] | undefined;
  /** Events that were not recorded. */
  lost = 0;
  /** What went wrong in the tracer itself; '' if nothing did. */
  problem = '';
  /** Output that was not kept. */
  cut = { lines: 0, characters: 0 };
  /** Rows of NOTE, in order. */
  readonly notes: EventIndex[] = [];
  /** Clock at the latest event or sign of life, seconds; after `advance` later. */
  now: Seconds = 0;
  /** The step or callback that runs at `now`: its subject and begin; subject 0: none. */
  running: { subject: Id; since: Seconds } = { subject: 0, since: 0 };
  /** What the program does, by its latest sign of life; '': no sign came after the latest events. */
  life: 'waits' | 'runs' | 'held' | '' = '';
  /** While it is held: what runs next, if that is known. */
  next: Id = 0;
  /** EXIT's How once the program ended. */
  exit: { how: number; code: number } | undefined;
  /** It has no end of its own, see `abort`. */
  aborted = false;

  private heard: Seconds = 0;

  append(frame: Frame): void {
    this.now = this.heard;
    this.addMeta(frame);
    const { meta, rows, count } = frame;
    this.reserve(this.count + count);
    for (let r = 0; r < count; r++) {
      const i = this.count++;
      const word = rows.get(r, 'kind');
      this.t[i] = rows.get(r, 't');
      this.end[i] = rows.get(r, 'end');
      this.ready[i] = rows.get(r, 'ready');
      this.cpu[i] = rows.get(r, 'cpu');
      this.kind[i] = word;
      this.how[i] = word >> 8;
      this.flags[i] = word >> 16;
      this.subject[i] = rows.get(r, 'subject');
      this.by[i] = rows.get(r, 'by');
      this.site[i] = rows.get(r, 'site');
      this.via[i] = rows.get(r, 'via');
      this.waits[i] = rows.get(r, 'waits');
      this.chain[i] = rows.get(r, 'chain');
      this.readySeq[i] = rows.get(r, 'ready_seq');
      this.aux[i] = rows.get(r, 'aux');
      this.index(i);
    }
    if (meta.findings) this.findings = meta.findings;
    if (meta.problem) this.problem = meta.problem;
    if (meta.lost !== undefined) this.lost = meta.lost;
    if (meta.cut) this.cut = { lines: meta.cut[0], characters: meta.cut[1] };
    this.running = { subject: 0, since: this.now };
    this.life = '';
    this.next = 0;
    if (meta.now) {
      const [t, state, subject, since] = meta.now;
      this.now = Math.max(this.now, t);
      this.life = (['waits', 'runs', 'held'] as const)[state];
      if (state === 1) this.running = { subject, since };
      if (state === 2) this.next = subject;
    }
    this.heard = this.now;
  }

  /** Lets the clock go on where the latest batch left it, until the next one tells better. Whether it did. */
  advance(seconds: Seconds): boolean {
    if (this.exit || !(seconds > 0)) return false;
    this.now = this.heard + seconds;
    return true;
  }

  /** Nothing more will come: the interpreter was ended from outside, in the middle of what it did. */
  abort(): void {
    if (this.exit) return;
    this.exit = { how: How.STOPPED, code: 0 };
    this.aborted = true;
    this.life = '';
  }

  /** The program is held before its next step. */
  get held(): boolean {
    return this.life === 'held';
  }

  task(id: Id): Task | undefined {
    return this.taskOf.get(id);
  }

  text(id: number): string {
    return this.strings.get(id) ?? '';
  }

  private index(i: EventIndex): void {
    const kind = this.kind[i] as number;
    const subject = this.subject[i] as Id;
    const t = this.t[i] as Seconds;
    const end = this.end[i] as Seconds;
    this.now = Math.max(this.now, t, kind === Kind.TIMER ? t : end);
    if (kind === Kind.STEP) {
      const task = this.taskOf.get(subject);
      if (task) {
        task.lastStep = i;
        task.steps++;
        const how = this.how[i] as number;
        if (how === How.RETURNED || how === How.RAISED || how === How.CANCELLED) task.outcome = how;
      }
    } else if (kind === Kind.TASK) {
      const chain = this.chains.get(this.chain[i] as number);
      const code = this.codes.get(this.sites.get(chain?.sites[0] ?? 0)?.code ?? 0);
      const task: Task = {
        id: subject,
        index: this.tasks.length,
        name: this.text(this.aux[i] as number),
        coroutine: (code?.name ?? '').replace(/^.*<locals>\./, ''),
        parent: this.by[i] as Id,
        created: i,
        createdAt: t,
        lastStep: -1,
        steps: 0,
        outcome: 0,
      };
      this.tasks.push(task);
      this.taskOf.set(subject, task);
    } else if (kind === Kind.TIMER) {
      const timer = { id: subject, armed: i, at: t, when: end };
      this.timers.set(subject, timer);
      if (this.via[i]) this.timerOfFuture.set(this.via[i] as Id, timer);
    } else if (kind === Kind.OBJECT) this.objects.set(subject, this.text(this.aux[i] as number));
    else if (kind === Kind.NOTE) this.notes.push(i);
    else if (kind === Kind.EXIT) this.exit = { how: this.how[i] as number, code: this.aux[i] as number };
  }

  private addMeta({ meta }: Frame): void {
    // A text of output may grow: its row was sent when its first part was written.
    for (const [id, text] of meta.strings ?? []) this.strings.set(id, id < 0 ? this.text(id) + text : text);
    for (const [id, name, file, firstLine, own] of meta.codes ?? [])
      this.codes.set(id, { name, file, firstLine, own: own === 1 });
    for (const [id, code, line, endLine, column, endColumn] of meta.sites ?? [])
      this.sites.set(id, { code, line, endLine, column, endColumn });
    for (const [id, type, name, site] of meta.objects ?? []) this.primitives.set(id, { type, name, site });
    for (const [id, sites, kind, label] of meta.chains ?? []) this.chains.set(id, { sites, kind, label });
  }

  private reserve(wanted: number): void {
    const size = this.t.length;
    if (wanted <= size) return;
    const next = Math.max(wanted, size * 2);
    this.t = grown(this.t, next);
    this.end = grown(this.end, next);
    this.ready = grown(this.ready, next);
    this.cpu = grown(this.cpu, next);
    this.kind = grown(this.kind, next);
    this.how = grown(this.how, next);
    this.flags = grown(this.flags, next);
    this.subject = grown(this.subject, next);
    this.by = grown(this.by, next);
    this.site = grown(this.site, next);
    this.via = grown(this.via, next);
    this.waits = grown(this.waits, next);
    this.chain = grown(this.chain, next);
    this.readySeq = grown(this.readySeq, next);
    this.aux = grown(this.aux, next);
  }
}

type Column =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

function grown<C extends Column>(column: C, size: number): C {
  const next = new (column.constructor as new (n: number) => C)(size);
  next.set(column as never);
  return next;
}
