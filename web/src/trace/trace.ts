/**
 * The trace: every event of a run in append-only typed columns, and the tables its rows refer to.
 * It only stores. What a trace means is told by functions over it (`reason.ts`, `tracks.ts`, …).
 *
 * Long, because taking rows in and reading them share every column: apart, they would have to tell each other all of them.
 */
import type { Finding, Frame, RowReader } from '../protocol/decode';
import { COLUMN, Flag, How, Kind, ROW_BYTES } from '../protocol/generated';
import { CHUNK, type Column, Columns, Earlier, NANO, nanoseconds, rounded, Times, Whole } from './columns';
import { IdRows } from './ids';
import { Variables } from './variables';

export { type Finding, Flag, How, Kind };

/** Ids of the trace: tasks, timers, callbacks and objects share one number space. Event indexes are row numbers. */
export type Id = number;
export type EventIndex = number;
export type Seconds = number;

/** How the note begins that a task was destroyed while it waited. */
const DESTROYED = 'destroyed pending';

export interface Task {
  id: Id;
  /** Position among the run's tasks, in order of creation. */
  index: number;
  /** asyncio's name: 'Task-1', or what the program chose. */
  name: string;
  /** Qualified name of the coroutine: 'main', 'Client.fetch'. */
  coroutine: string;
  /** Created by no line of the program: asyncio's own doing. */
  library: boolean;
  /** Id of the task that created it; 0: none. */
  parent: Id;
  created: EventIndex;
  createdAt: Seconds;
  /** Last event of its own: its latest STEP; -1 before the first. */
  lastStep: EventIndex;
  steps: number;
  /** How of the final step (RETURNED, RAISED, CANCELLED), 0 while it lives. */
  outcome: number;
  /** The row that tells that it was destroyed while it waited; -1: it was not. */
  destroyed: EventIndex;
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
  /** A queue's maxsize, a barrier's parties, a semaphore's first value; 0: none. */
  bound: number;
}

export interface Timer {
  id: Id;
  armed: EventIndex;
  at: Seconds;
  when: Seconds;
}

/** Columns as they are kept, see `Columns`. */
const T = 0;
const END = 1;
const READY = 2;
const CPU = 3;
const KIND = 4;
const HOW = 5;
const FLAGS = 6;
const SUBJECT = 7;
const BY = 8;
const SITE = 9;
const VIA = 10;
const WAITS = 11;
const CHAIN = 12;
const SEQ = 13;
const AUX = 14;
const WIDTH = 15;
/** Those of times, which take more than 32 bits. */
const DOUBLES = 4;
/** See stepCells. */
const STEP_CELLS = [T, END, READY, HOW, CHAIN, WAITS];
/** Columns that can be read many rows at a time, see `Heads`. */
const HEADS = {
  kind: KIND,
  how: HOW,
  flags: FLAGS,
  subject: SUBJECT,
  by: BY,
  aux: AUX,
  chain: CHAIN,
  waits: WAITS,
};
type Head = keyof typeof HEADS;
const NOTHING = new Int32Array(0);

/** Cells of many rows, column by column: those of the columns that were asked for. */
export class Heads {
  readonly kind: Int32Array;
  readonly how: Int32Array;
  readonly flags: Int32Array;
  readonly subject: Int32Array;
  readonly by: Int32Array;
  readonly aux: Int32Array;
  readonly chain: Int32Array;
  readonly waits: Int32Array;
  /** What was asked for: columns and where they go. */
  readonly wanted: readonly (readonly [column: number, cells: Int32Array])[];

  constructor(...names: Head[]) {
    const cells = (name: Head) => (names.includes(name) ? new Int32Array(CHUNK) : NOTHING);
    this.kind = cells('kind');
    this.how = cells('how');
    this.flags = cells('flags');
    this.subject = cells('subject');
    this.by = cells('by');
    this.aux = cells('aux');
    this.chain = cells('chain');
    this.waits = cells('waits');
    this.wanted = names.map((name) => [HEADS[name], this[name]]);
  }
}

/** See turnCells. */
const TURN_CELLS = [T, KIND, HOW, FLAGS];

/** A timer may be armed for ever: that is carried as a point in time which no clock comes to, as on the way to the page. */
const FAR: Seconds = 1e12;

const EAGER = Flag.EAGER << 16;
const ROW_F64 = ROW_BYTES / 8;
const ROW_32 = ROW_BYTES / 4;

/** Columns that are whole numbers on the wire, and where they lie there. */
const WHOLE = [
  [SUBJECT, COLUMN.subject.at],
  [BY, COLUMN.by.at],
  [SITE, COLUMN.site.at],
  [VIA, COLUMN.via.at],
  [WAITS, COLUMN.waits.at],
  [CHAIN, COLUMN.chain.at],
  [AUX, COLUMN.aux.at],
] as const;

/** One stretch of the critical path. */
export interface Link {
  begin: Seconds;
  end: Seconds;
  task: Id;
  /** Where to look. */
  event: EventIndex;
  text: string;
}

export class Trace {
  /** Number of events. */
  get count(): number {
    return this.columns.count;
  }

  private readonly columns = new Columns(WIDTH, DOUBLES);
  /** Times are rounded to the nanosecond. `ready` and `readySeq` are of STEP and CALLBACK; else `t` and the row itself. */
  readonly t: Column = new Times(this.columns, T);
  readonly end: Column = new Times(this.columns, T, END);
  readonly ready: Column = new Times(this.columns, T, READY, -1);
  readonly cpu: Column = new Times(this.columns, CPU);
  readonly kind: Column = new Whole(this.columns, KIND);
  readonly how: Column = new Whole(this.columns, HOW);
  readonly flags: Column = new Whole(this.columns, FLAGS);
  readonly subject: Column = new Whole(this.columns, SUBJECT);
  readonly by: Column = new Whole(this.columns, BY);
  readonly site: Column = new Whole(this.columns, SITE);
  readonly via: Column = new Whole(this.columns, VIA);
  readonly waits: Column = new Whole(this.columns, WAITS);
  readonly chain: Column = new Whole(this.columns, CHAIN);
  readonly readySeq: Column = new Earlier(this.columns, SEQ);
  readonly aux: Column = new Whole(this.columns, AUX);

  readonly strings = new Map<number, string>();
  readonly codes = new Map<number, Code>();
  readonly sites = new Map<number, Site>();
  readonly chains = new Map<number, Chain>();
  /** In order of creation. */
  readonly tasks: Task[] = [];
  /** Those that were destroyed while they waited, in order. */
  readonly destroyed: Task[] = [];
  /** Ids of those that are asyncio's own doing. */
  readonly libraryTasks = new Set<Id>();
  /** Positions among the tasks by id. */
  private readonly taskOf = new IdRows();
  /** Locks, events, semaphores, conditions, barriers and queues. */
  readonly primitives = new Map<Id, Primitive>();
  /** Rows of OBJECT and TIMER by the id they are about, and of TIMER by the id of the future it will resolve. */
  private readonly rows = new IdRows();
  /** The latter where the future has an OBJECT row, or is a timer itself: one table for all would forget one of them. */
  private readonly timersToo = new Map<Id, EventIndex>();
  /** What the run shows that its author should know; undefined until it was analysed. */
  findings: Finding[] | undefined;
  /** The critical path: the chain of steps and waits that determined the run's length; empty: unknown, or no time passed. */
  path: Link[] = [];
  /** Variables of suspended tasks, where they were recorded. */
  readonly variables = new Variables();
  /** Events that were not recorded. */
  lost = 0;
  /** What went wrong in the tracer itself; '' if nothing did. */
  problem = '';
  /** Output that was not kept. */
  cut = { lines: 0, characters: 0 };
  /** Runs of handles that took no clock time. */
  instant = 0;
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
    for (let r = 0; r < count; ) {
      const more = this.columns.room(count - r);
      this.write(rows, r, more);
      this.columns.add(more);
      this.index(rows, r, more);
      r += more;
    }
    for (const [event, task, frames] of meta.locals ?? []) this.variables.add(event, task, frames);
    if (meta.findings) this.findings = meta.findings;
    if (meta.path)
      this.path = meta.path.map(([begin, end, task, event, text]) => ({ begin, end, task, event, text }));
    if (meta.problem) this.problem = meta.problem;
    if (meta.lost !== undefined) this.lost = meta.lost;
    if (meta.cut) this.cut = { lines: meta.cut[0], characters: meta.cut[1] };
    this.running = { subject: 0, since: this.now };
    this.life = '';
    this.next = 0;
    if (meta.now) {
      const [t, state, subject, since] = meta.now;
      this.now = Math.max(this.now, rounded(t));
      this.life = (['waits', 'runs', 'held'] as const)[state];
      if (state === 1) this.running = { subject, since: rounded(since) };
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

  /** What a track needs of a step: t, end and ready in seconds, then how, chain and waits. */
  stepCells(row: EventIndex, out: Float64Array): void {
    this.columns.cells(row, STEP_CELLS, out);
    const t = out[0] as number;
    out[0] = t / NANO;
    out[1] = (t + (out[1] as number)) / NANO;
    out[2] = (t - (out[2] as number)) / NANO;
  }

  /** What the loop's track needs of a row: t in seconds, then kind, how and flags. */
  turnCells(row: EventIndex, out: Float64Array): void {
    this.columns.cells(row, TURN_CELLS, out);
    out[0] = (out[0] as number) / NANO;
  }

  /** Reads what was asked for of rows from `from` on, some thousands at most; how many: 0 at the trace's end. */
  heads(from: EventIndex, out: Heads): number {
    const count = Math.min(this.count - from, CHUNK - (from % CHUNK));
    if (count <= 0) return 0;
    for (const [column, cells] of out.wanted) this.columns.copy(column, from, count, cells);
    return count;
  }

  task(id: Id): Task | undefined {
    return this.tasks[this.taskOf.get(id)];
  }

  /** A task's position among the tasks; -1: the id is no task's. */
  indexOf(id: Id): number {
    return this.taskOf.get(id);
  }

  text(id: number): string {
    return this.strings.get(id) ?? '';
  }

  /** Type name of an awaited object: 'gather', 'Future'; undefined: unknown. */
  object(id: Id): string | undefined {
    const row = this.rows.get(id);
    return row >= 0 && this.kind.at(row) === Kind.OBJECT ? this.text(this.aux.at(row)) : undefined;
  }

  timer(id: Id): Timer | undefined {
    const row = this.timerRow(id);
    return row < 0 ? undefined : this.timerAt(row);
  }

  /** Row that armed a timer; -1: the id is no timer's. */
  timerRow(id: Id): EventIndex {
    const row = this.rows.get(id);
    return row >= 0 && this.kind.at(row) === Kind.TIMER && this.subject.at(row) === id ? row : -1;
  }

  /** Row of the timer that will resolve a future; -1: none. */
  timerRowOf(future: Id): EventIndex {
    const row = this.rows.get(future);
    if (row < 0 || this.isTimerOf(row, future)) return row;
    return this.timersToo.size > 0 ? (this.timersToo.get(future) ?? -1) : -1;
  }

  /** The timer that will resolve a future. */
  timerOfFuture(future: Id): Timer | undefined {
    const row = this.timerRowOf(future);
    return row < 0 ? undefined : this.timerAt(row);
  }

  /** The timer that a row of TIMER armed. */
  timerAt(row: EventIndex): Timer {
    return { id: this.subject.at(row), armed: row, at: this.t.at(row), when: this.end.at(row) };
  }

  /** Bytes that the rows take, for those who count. */
  get bytes(): number {
    return this.columns.bytes + this.rows.bytes;
  }

  /** Writes rows [from, from + count) of a frame column by column, which is several times as fast as row by row. */
  private write({ f64, f32, i32 }: RowReader, from: number, count: number): void {
    const { columns } = this;
    const { next } = columns;
    const [t, end, ready, cpu] = [columns.tail(T), columns.tail(END), columns.tail(READY), columns.tail(CPU)];
    const [kinds, hows] = [columns.ints(KIND), columns.ints(HOW)];
    const [flags, seqs] = [columns.ints(FLAGS), columns.ints(SEQ)];
    let latest = -Infinity;
    for (let k = 0; k < count; k++) {
      const double = (from + k) * ROW_F64;
      const single = (from + k) * ROW_32;
      const at = next + k;
      const word = i32[single + COLUMN.kind.at] as number;
      const kind = word & 0xff;
      const ns = nanoseconds(f64[double + COLUMN.t.at] as number);
      t[at] = ns;
      kinds[at] = kind;
      hows[at] = (word >>> 8) & 0xff;
      flags[at] = (word >>> 16) & 0xff;
      const runs = kind === Kind.STEP || kind === Kind.CALLBACK;
      if (ns > latest) latest = ns;
      if (!runs && kind !== Kind.IDLE && kind !== Kind.TIMER) continue;
      const until = nanoseconds(Math.min(f64[double + COLUMN.end.at] as number, FAR));
      end[at] = until - ns;
      if (kind === Kind.TIMER) continue;
      if (until > latest) latest = until;
      if (!runs) continue;
      ready[at] = ns - nanoseconds(f64[double + COLUMN.ready.at] as number);
      cpu[at] = nanoseconds(f32[single + COLUMN.cpu.at] as number);
      seqs[at] = this.count + k - (i32[single + COLUMN.ready_seq.at] as number);
      if (until === ns && !(word & EAGER)) this.instant++;
    }
    this.now = Math.max(this.now, latest / NANO);
    for (const [column, offset] of WHOLE) {
      const tail = columns.ints(column);
      for (let k = 0, at = from * ROW_32 + offset; k < count; k++, at += ROW_32)
        tail[next + k] = i32[at] as number;
    }
  }

  /** Takes notice of rows [from, from + count) of a frame, which were written last. */
  private index({ i32 }: RowReader, from: number, count: number): void {
    const first = this.count - count;
    for (let k = 0; k < count; k++) {
      const at = (from + k) * ROW_32;
      const kind = (i32[at + COLUMN.kind.at] as number) & 0xff;
      if (kind !== Kind.CALLBACK) this.note(first + k, kind, i32, at);
    }
  }

  /** Takes notice of row i, which lies in `cells` from `at` on. */
  private note(i: EventIndex, kind: number, cells: Int32Array, at: number): void {
    const subject = cells[at + COLUMN.subject.at] as number;
    const word = cells[at + COLUMN.kind.at] as number;
    const how = (word >>> 8) & 0xff;
    if (kind === Kind.STEP) {
      const task = this.task(subject);
      if (!task) return;
      task.lastStep = i;
      task.steps++;
      if (how === How.RETURNED || how === How.RAISED || how === How.CANCELLED) task.outcome = how;
    } else if (kind === Kind.TASK) {
      const chain = this.chains.get(cells[at + COLUMN.chain.at] as number);
      const code = this.codes.get(this.sites.get(chain?.sites[0] ?? 0)?.code ?? 0);
      const task: Task = {
        id: subject,
        index: this.tasks.length,
        name: this.text(cells[at + COLUMN.aux.at] as number),
        coroutine: (code?.name ?? '').replace(/^.*<locals>\./, ''),
        library: ((word >>> 16) & Flag.LIBRARY) !== 0,
        parent: cells[at + COLUMN.by.at] as number,
        created: i,
        createdAt: this.t.at(i),
        lastStep: -1,
        steps: 0,
        outcome: 0,
        destroyed: -1,
      };
      this.tasks.push(task);
      if (task.library) this.libraryTasks.add(subject);
      this.taskOf.set(subject, task.index);
    } else if (kind === Kind.TIMER) {
      this.setRow(subject, i);
      const future = cells[at + COLUMN.via.at] as number;
      if (future) this.setTimer(future, i);
    } else if (kind === Kind.OBJECT) this.setRow(subject, i);
    else if (kind === Kind.NOTE) {
      this.notes.push(i);
      const task = this.task(subject);
      if (task && this.text(cells[at + COLUMN.aux.at] as number).startsWith(DESTROYED)) {
        task.destroyed = i;
        this.destroyed.push(task);
      }
    } else if (kind === Kind.EXIT) this.exit = { how, code: cells[at + COLUMN.aux.at] as number };
  }

  private setRow(id: Id, row: EventIndex): void {
    const before = this.rows.get(id);
    if (before >= 0 && this.isTimerOf(before, id)) this.timersToo.set(id, before);
    this.rows.set(id, row);
  }

  private setTimer(future: Id, row: EventIndex): void {
    const before = this.rows.get(future);
    if (before >= 0 && !this.isTimerOf(before, future)) this.timersToo.set(future, row);
    else this.rows.set(future, row);
  }

  /** Whether a row is of the timer that will resolve a future, and not of the future itself. */
  private isTimerOf(row: EventIndex, future: Id): boolean {
    return this.kind.at(row) === Kind.TIMER && this.subject.at(row) !== future;
  }

  private addMeta({ meta }: Frame): void {
    // A text of output may grow: its row was sent when its first part was written.
    for (const [id, text] of meta.strings ?? []) this.strings.set(id, id < 0 ? this.text(id) + text : text);
    for (const [id, name, file, firstLine, own] of meta.codes ?? [])
      this.codes.set(id, { name, file, firstLine, own: own === 1 });
    for (const [id, code, line, endLine, column, endColumn] of meta.sites ?? [])
      this.sites.set(id, { code, line, endLine, column, endColumn });
    for (const [id, type, name, site, bound = 0] of meta.objects ?? [])
      this.primitives.set(id, { type, name, site, bound });
    for (const [id, sites, kind, label] of meta.chains ?? []) this.chains.set(id, { sites, kind, label });
  }
}
