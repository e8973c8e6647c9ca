/**
 * The trace: every event of a run in append-only typed columns, and the tables its rows refer to.
 * It only stores. What a trace means is told by functions over it (`reason.ts`, `tracks.ts`, …).
 *
 * Long, because taking rows in and reading them share every column: apart, they would have to tell each other all of them.
 */
import type { Finding, Frame, RowReader } from '../protocol/decode';
import { COLUMN, Flag, How, Kind, PACKED, ROW_BYTES } from '../protocol/generated';
import { PackedRows } from '../protocol/packed';
import {
  CHUNK,
  type Column,
  Columns,
  Earlier,
  NANO,
  nanoseconds,
  rounded,
  Scan,
  Times,
  Whole,
} from './columns';
import { type Heads, TAKEN } from './heads';
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
const {
  t: T,
  end: END,
  ready: READY,
  cpu: CPU,
  kind: KIND,
  how: HOW,
  flags: FLAGS,
  subject: SUBJECT,
  by: BY,
  site: SITE,
  via: VIA,
  waits: WAITS,
  chain: CHAIN,
  ready_seq: SEQ,
  aux: AUX,
} = PACKED.COLUMN;
/** See stepCells. */
const STEP_CELLS = [T, END, READY, HOW, CHAIN, WAITS];
const INDEXED = TAKEN.only('kind', 'how', 'flags', 'subject');
let traces = 0;
const begins = new Float64Array(CHUNK);
const lengths = new Float64Array(CHUNK);

/** See turnCells. */
const TURN_CELLS = [T, KIND, HOW, FLAGS];

/** A timer may be armed for ever: that is carried as a point in time which no clock comes to, as on the way to the page. */
const FAR: Seconds = 1e12;

/** Added to twice a row: it is found by the future that its timer will resolve. */
const ITS_FUTURE = 1;

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

  private readonly columns = new Columns();
  /** Which one it is; no part of what it tells. */
  readonly #number = ++traces;
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
  /** Rows of OBJECT and TIMER by the id they are about, and of TIMER by that of the future it will resolve: twice the row, see ITS_FUTURE. */
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
  /** Rows of NOTE and of OUTPUT, in order. */
  readonly notes: EventIndex[] = [];
  readonly outputs: EventIndex[] = [];
  /** Somebody was asked to cancel. */
  cancels = false;
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
    if (rows instanceof PackedRows) {
      for (const chunk of rows.chunks) {
        this.columns.adopt(chunk);
        this.measure();
        this.index(CHUNK);
      }
    } else {
      for (let r = 0; r < count; ) {
        const more = this.columns.room(count - r);
        this.write(rows, r, more);
        this.columns.add(more);
        this.index(more);
        r += more;
      }
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
  heads(from: EventIndex, out: Heads, wanted = out.wanted): number {
    const count = Math.min(this.count - from, CHUNK - (from % CHUNK));
    if (count <= 0) return 0;
    if (out.trace !== this.#number || out.from !== from || out.count !== count) out.columns = 0;
    out.trace = this.#number;
    out.from = from;
    out.count = count;
    for (const { column, cells } of wanted) {
      if (out.columns & (1 << column)) continue;
      out.columns |= 1 << column;
      this.columns.copy(column, from, count, cells);
    }
    return count;
  }

  /** A column as it is kept, for who goes through it: times are nanoseconds. */
  scan(column: 't' | 'kind'): Scan {
    return new Scan(this.columns, PACKED.COLUMN[column]);
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
    const row = this.rowOf(id);
    return row >= 0 && this.kind.at(row) === Kind.OBJECT ? this.text(this.aux.at(row)) : undefined;
  }

  timer(id: Id): Timer | undefined {
    const row = this.timerRow(id);
    return row < 0 ? undefined : this.timerAt(row);
  }

  /** Row that armed a timer; -1: the id is no timer's. */
  timerRow(id: Id): EventIndex {
    const row = this.rowOf(id);
    return row >= 0 && this.kind.at(row) === Kind.TIMER ? row : -1;
  }

  /** Row of the timer that will resolve a future; -1: none. */
  timerRowOf(future: Id): EventIndex {
    const found = this.rows.get(future);
    if (found < 0) return -1;
    if (found & ITS_FUTURE) return found >> 1;
    return this.timersToo.size > 0 ? (this.timersToo.get(future) ?? -1) : -1;
  }

  /** The row of OBJECT or TIMER that is about an id; -1: none. */
  private rowOf(id: Id): EventIndex {
    const found = this.rows.get(id);
    return found < 0 || found & ITS_FUTURE ? -1 : found >> 1;
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

  /** The whole chunks of its rows, as a file has them. */
  packedChunks(): readonly DataView[] {
    return this.columns.packedChunks();
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

  /** What `write` finds out of rows, of the chunk that was kept last. */
  private measure(): void {
    const first = this.count - CHUNK;
    const { kind, flags } = TAKEN;
    this.heads(first, TAKEN, INDEXED);
    this.columns.copy(T, first, CHUNK, begins);
    this.columns.copy(END, first, CHUNK, lengths);
    let latest = -Infinity;
    let instant = 0;
    for (let k = 0; k < CHUNK; k++) {
      const what = kind[k] as number;
      const begin = begins[k] as number;
      if (begin > latest) latest = begin;
      if (what !== Kind.STEP && what !== Kind.CALLBACK && what !== Kind.IDLE) continue;
      const length = lengths[k] as number;
      if (begin + length > latest) latest = begin + length;
      if (length === 0 && what !== Kind.IDLE && !((flags[k] as number) & Flag.EAGER)) instant++;
    }
    this.instant += instant;
    this.now = Math.max(this.now, latest / NANO);
  }

  /** Takes notice of the last rows, which lie in one chunk. */
  private index(count: number): void {
    const first = this.count - count;
    const { kind, subject, how } = TAKEN;
    this.heads(first, TAKEN, INDEXED);
    for (let k = 0; k < count; k++) {
      const what = kind[k] as number;
      if (what === Kind.STEP) this.noteStep(first + k, subject[k] as Id, how[k] as number);
      else if (what !== Kind.CALLBACK) this.note(first + k, what, subject[k] as Id);
    }
  }

  private noteStep(i: EventIndex, subject: Id, how: number): void {
    const task = this.task(subject);
    if (!task) return;
    task.lastStep = i;
    task.steps++;
    if (how === How.RETURNED || how === How.RAISED || how === How.CANCELLED) task.outcome = how;
  }

  /** Takes notice of row i, which is no step's. */
  private note(i: EventIndex, kind: number, subject: Id): void {
    if (kind === Kind.TASK) {
      const chain = this.chains.get(this.chain.at(i));
      const code = this.codes.get(this.sites.get(chain?.sites[0] ?? 0)?.code ?? 0);
      const task: Task = {
        id: subject,
        index: this.tasks.length,
        name: this.text(this.aux.at(i)),
        coroutine: (code?.name ?? '').replace(/^.*<locals>\./, ''),
        library: (this.flags.at(i) & Flag.LIBRARY) !== 0,
        parent: this.by.at(i),
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
      const future = this.via.at(i);
      if (future) this.setTimer(future, i);
    } else if (kind === Kind.OBJECT) this.setRow(subject, i);
    else if (kind === Kind.OUTPUT) this.outputs.push(i);
    else if (kind === Kind.CANCEL) this.cancels ||= this.how.at(i) !== How.WITHDRAWN;
    else if (kind === Kind.NOTE) {
      this.notes.push(i);
      const task = this.task(subject);
      if (task && this.text(this.aux.at(i)).startsWith(DESTROYED)) {
        task.destroyed = i;
        this.destroyed.push(task);
      }
    } else if (kind === Kind.EXIT) this.exit = { how: this.how.at(i), code: this.aux.at(i) };
  }

  private setRow(id: Id, row: EventIndex): void {
    const before = this.rows.swap(id, row << 1);
    if (before >= 0 && before & ITS_FUTURE) this.timersToo.set(id, before >> 1);
  }

  private setTimer(future: Id, row: EventIndex): void {
    const before = this.rows.swap(future, (row << 1) | ITS_FUTURE);
    if (before < 0 || before & ITS_FUTURE) return;
    this.rows.set(future, before);
    this.timersToo.set(future, row);
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
