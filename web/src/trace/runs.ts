/**
 * Handle runs in the order the loop ran them, and where every event lies between them.
 *
 * A row is written when its event is complete, so what a step did comes before the step's own row:
 *
 *     row     7      8       9      10      11     12
 *             IDLE | OUTPUT  TASK   STEP  | OUTPUT STEP
 *                  └ first          row ┘ └ first  row ┘     one run each
 *
 * The *phase* of an event counts handle runs: a run lasts from one phase to the next, and the m rows of what it did stand
 * evenly between. What asyncio runs to close its loop counts nothing: it has no part in what the program did. Clock and phase together give a position on any scale (see scale.ts).
 */
import { Bits } from './bits';
import { TAKEN } from './heads';
import { Housekeeping } from './own';
import { type EventIndex, Flag, How, type Id, Kind, type Seconds, type Trace } from './trace';

const FIRST_SLOTS = 8;
const WANTED = TAKEN.only('kind', 'flags', 'subject', 'aux');

export class Runs {
  /** First row that belongs to no complete run yet; equals the trace's count where there is none. */
  open: EventIndex = 0;
  private read = 0;
  /** The open run's rows are spread over this many places, so that streaming rarely has to move them. */
  private slots = 0;
  /** Rows of runs; and those with the rows between which runs lie. */
  private readonly rows = new Bits();
  private readonly edges = new Bits();
  /** Rows of runs that count. */
  private readonly counted = new Bits();

  constructor(private readonly trace: Trace) {}

  /** Number of complete handle runs. */
  get count(): number {
    return this.rows.count;
  }

  /** Phase after the last complete run. */
  get phases(): number {
    return this.counted.count;
  }

  /** The run that lasts from a phase on. */
  atPhase(phase: number): number {
    const row = this.counted.select(Math.floor(phase));
    return row < 0 ? this.count : this.rows.rank(row);
  }

  /** Of run k: its STEP or CALLBACK row; -1: there is no such run. */
  rowOf(k: number): EventIndex {
    return this.rows.select(k);
  }

  /** Of run k: the first row of what it did; its own row if it did nothing. */
  firstOf(k: number): EventIndex {
    return this.firstBefore(this.rows.select(k));
  }

  /** Of an event: handle runs before it, with a fraction inside a run. */
  phaseOf(event: EventIndex): number {
    const k = this.counted.rank(event);
    if (event >= this.open) return k + (event - this.open + 1) / (this.slots + 1);
    if (this.edges.has(event)) return k;
    const row = this.edges.next(event);
    // Rows before a loop begins to run, or after it has ended, are no part of a run.
    if (!this.counted.has(row)) return k;
    const first = this.firstBefore(row);
    return k + (event - first + 1) / (row - first + 1);
  }

  /** Reads new rows. Returns the first row whose phase is new or has changed. */
  update(): EventIndex {
    const { trace } = this;
    const closing = new Housekeeping(trace);
    const { edges, rows, counted } = this;
    const { kind: kinds, flags, subject, aux } = TAKEN;
    const anyLibrary = trace.libraryTasks.size > 0;
    let { read: from, open } = this;
    for (let first = this.read, n = 0; first < trace.count; first += n) {
      n = trace.heads(first, TAKEN, WANTED);
      // Sets are written a word at a time.
      for (let k = 0; k < n; ) {
        const word = (first + k) >>> 5;
        const stop = Math.min(n, (word + 1) * 32 - first);
        let [edge, run, counts] = [0, 0, 0];
        for (; k < stop; k++) {
          const kind = kinds[k] as number;
          const runs = runsHandle(kind, flags[k] as number);
          if (!runs && kind !== Kind.IDLE && kind !== Kind.LOOP && kind !== Kind.EXIT) continue;
          const i = first + k;
          const bit = 1 << (i & 31);
          edge |= bit;
          if (runs) {
            run |= bit;
            const asked = kind === Kind.CALLBACK || anyLibrary;
            if (!asked || !closing.closes(kind, subject[k] as Id, aux[k] as number)) counts |= bit;
          }
          if (open < from) from = open;
          open = i + 1;
        }
        edges.merge(word, edge);
        rows.merge(word, run);
        counted.merge(word, counts);
      }
    }
    if (open !== this.open) this.slots = 0;
    this.open = open;
    const pending = trace.count - this.open;
    if (pending > this.slots) {
      this.slots = Math.max(FIRST_SLOTS, pending * 2);
      from = Math.min(from, this.open);
    }
    this.read = trace.count;
    return from;
  }

  /** The run an event happened in, counted from 0; -1: in none. */
  runOf(event: EventIndex): number {
    const row = this.edges.next(event);
    return row >= 0 && this.rows.has(row) ? this.rows.rank(event) : -1;
  }

  /** The first run whose row is `event` or comes later. */
  firstAtOrAfter(event: EventIndex): number {
    return this.rows.rank(event);
  }

  /** The first run that ends later than a time of the clock; `count` if none does. */
  firstEndingAfter(when: Seconds): number {
    const { trace } = this;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (trace.end.at(this.rowOf(mid)) <= when) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  /** The run in which the handle of a STEP or CALLBACK became ready; -1: between runs. */
  wakerOf(event: EventIndex): number {
    const row = this.wakerRow(event);
    return row < 0 ? -1 : this.rows.rank(row);
  }

  private wakerRow(event: EventIndex): EventIndex {
    const { trace } = this;
    const seq = trace.readySeq.at(event);
    // A timer's `by` armed it long before; what made it ready is the clock, between runs.
    if (trace.how.at(event) === How.TIMER) return -1;
    const row = this.rows.next(seq);
    if (row < 0) return -1;
    const first = this.firstBefore(row);
    return first < seq || (first === seq && this.didIn(trace.by.at(event), first, row)) ? row : -1;
  }

  /** Whether a handle was ready when run k began. */
  wasReadyFor(event: EventIndex, k: number): boolean {
    const { trace } = this;
    const row = this.rowOf(k);
    const first = this.firstBefore(row);
    const seq = trace.readySeq.at(event);
    if (seq !== first) return seq < first;
    return trace.how.at(event) === How.TIMER || !this.didIn(trace.by.at(event), first, row);
  }

  /** What was done at the first row of a run: inside it, by its subject or a task that began in it, or before? */
  private didIn(by: Id, first: EventIndex, row: EventIndex): boolean {
    if (by === 0) return false;
    const created = this.trace.task(by)?.created ?? -1;
    return by === this.trace.subject.at(row) || (created >= first && created < row);
  }

  /** Phase at which the handle of a STEP or CALLBACK became ready. */
  readyPhase(event: EventIndex): number {
    const { trace } = this;
    const row = this.wakerRow(event);
    const seq = trace.readySeq.at(event);
    const phase = this.counted.rank(seq);
    if (row < 0 || !this.counted.has(row)) return phase;
    if (trace.subject.at(row) === trace.subject.at(event) && row === seq) return phase + 1;
    const first = this.firstBefore(row);
    return phase + (seq - first + 0.5) / (row - first + 1);
  }

  /** Phase at which an event began. An eager step begins before the first row of what it did. */
  beginPhase(event: EventIndex): number {
    const { trace } = this;
    const phase = this.phaseOf(event);
    if (trace.kind.at(event) !== Kind.STEP || isRun(trace, event)) return phase;
    const before = firstOfEager(trace, event) - 1;
    const k = Math.floor(phase);
    return before >= 0 ? Math.max(k, this.phaseOf(before)) : k;
  }

  /** Phase at which an event was over. */
  endPhase(event: EventIndex): number {
    return this.phaseOf(event) + (this.counted.has(event) ? 1 : 0);
  }

  /** The first row of a run, by its own row. */
  private firstBefore(row: EventIndex): EventIndex {
    return this.edges.previous(row - 1) + 1;
  }
}

/** Whether an event is the run of a handle by the loop. */
export function isRun(trace: Trace, event: EventIndex): boolean {
  return runsHandle(trace.kind.at(event), trace.flags.at(event));
}

/** The same, told by the event's own cells. */
export function runsHandle(kind: number, flags: number): boolean {
  return kind === Kind.CALLBACK || (kind === Kind.STEP && !(flags & Flag.EAGER));
}

/**
 * The first row of what an eager step did; its TASK row if it did nothing. In the log: the rows it wrote, among them
 * whole eager steps of tasks it created, then its task's row, then its own.
 */
export function firstOfEager(trace: Trace, step: EventIndex): EventIndex {
  const inside = new Set([trace.subject.at(step)]);
  let first = step;
  if (trace.kind.at(step - 1) === Kind.TASK && trace.subject.at(step - 1) === trace.subject.at(step)) first--;
  while (first > 0 && inside.has(trace.by.at(first - 1)) && !isRun(trace, first - 1)) {
    first--;
    if (trace.kind.at(first) === Kind.STEP) inside.add(trace.subject.at(first));
  }
  return first;
}
