/**
 * Handle runs in the order the loop ran them, and where every event lies between them.
 *
 * A row is written when its event is complete, so what a step did comes before the step's own row:
 *
 *     row     7      8       9      10      11     12
 *             IDLE | OUTPUT  TASK   STEP  | OUTPUT STEP
 *                  └ first          row ┘ └ first  row ┘     one run each
 *
 * The *phase* of an event counts handle runs: run k lasts from phase k to k + 1, and the m rows of what it did stand
 * evenly between. Clock and phase together give a position on any scale (see scale.ts).
 */
import { type EventIndex, Flag, How, Kind, type Seconds, type Trace } from './trace';

const FIRST = 1 << 10;
const FIRST_SLOTS = 8;

export class Runs {
  /** Number of complete handle runs. */
  count = 0;
  /** Of each run: its STEP or CALLBACK row. */
  row = new Int32Array(FIRST);
  /** Of each run: the first row of what it did; its own row if it did nothing. */
  first = new Int32Array(FIRST);
  /** Of each event: handle runs before it, with a fraction inside a run. */
  phase = new Float64Array(FIRST);
  /** Runs that took no clock time. */
  instant = 0;
  /** First row that belongs to no complete run yet; equals the trace's count where there is none. */
  open: EventIndex = 0;
  private read = 0;
  /** The open run's rows are spread over this many places, so that streaming rarely has to move them. */
  private slots = 0;

  constructor(private readonly trace: Trace) {}

  /** Reads new rows. Returns the first row whose phase is new or has changed. */
  update(): EventIndex {
    const { trace } = this;
    let from = this.read;
    this.phase = reserved(this.phase, trace.count);
    for (let i = this.read; i < trace.count; i++) {
      if (isRun(trace, i)) {
        from = Math.min(from, this.open);
        this.closeRun(i);
      } else if (isOutside(trace, i)) {
        // Rows before a loop begins to run, or after it has ended, are no part of a run.
        from = Math.min(from, this.open);
        this.phase.fill(this.count, this.open, i + 1);
        this.open = i + 1;
        this.slots = 0;
      }
    }
    const pending = trace.count - this.open;
    if (pending > this.slots) {
      this.slots = Math.max(FIRST_SLOTS, pending * 2);
      from = Math.min(from, this.open);
      this.spread(this.open, trace.count, this.slots);
    } else this.spread(Math.max(from, this.open), trace.count, this.slots);
    this.read = trace.count;
    return from;
  }

  /** The run an event happened in, counted from 0; -1: in none. */
  runOf(event: EventIndex): number {
    const k = this.firstAtOrAfter(event);
    return k < this.count && (this.first[k] as number) <= event ? k : -1;
  }

  /** The first run whose row is `event` or comes later. */
  firstAtOrAfter(event: EventIndex): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if ((this.row[mid] as number) < event) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  /** The first run that ends later than a time of the clock; `count` if none does. */
  firstEndingAfter(when: Seconds): number {
    const { trace } = this;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if ((trace.end[this.row[mid] as number] as Seconds) <= when) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  /** The run in which the handle of a STEP or CALLBACK became ready; -1: between runs. */
  wakerOf(event: EventIndex): number {
    const { trace } = this;
    const seq = trace.readySeq[event] as number;
    const k = this.firstAtOrAfter(seq);
    // A timer's `by` armed it long before; what made it ready is the clock, between runs.
    if (k >= this.count || trace.how[event] === How.TIMER) return -1;
    const first = this.first[k] as number;
    if (first < seq) return k;
    // The first row of a run: inside it, or before it began? Its subject did it, or somebody else did.
    const inside =
      first === seq && trace.by[event] === trace.subject[this.row[k] as number] && trace.by[event] !== 0;
    return inside ? k : -1;
  }

  /** Phase at which the handle of a STEP or CALLBACK became ready. */
  readyPhase(event: EventIndex): number {
    const { trace } = this;
    const k = this.wakerOf(event);
    const seq = trace.readySeq[event] as number;
    if (k < 0) return this.firstAtOrAfter(seq);
    const row = this.row[k] as number;
    if (trace.subject[row] === trace.subject[event] && row === seq) return k + 1;
    const first = this.first[k] as number;
    return k + (seq - first + 0.5) / (row - first + 1);
  }

  /** Phase at which an event began. An eager step begins before the first row of what it did. */
  beginPhase(event: EventIndex): number {
    const { trace } = this;
    const phase = this.phase[event] as number;
    if (trace.kind[event] !== Kind.STEP || isRun(trace, event)) return phase;
    const before = firstOfEager(trace, event) - 1;
    const k = Math.floor(phase);
    return before >= 0 && (this.phase[before] as number) > k ? (this.phase[before] as number) : k;
  }

  /** Phase at which an event was over. */
  endPhase(event: EventIndex): number {
    return (this.phase[event] as number) + (isRun(this.trace, event) ? 1 : 0);
  }

  private closeRun(i: EventIndex): void {
    const { trace } = this;
    const k = this.count++;
    this.row = reserved(this.row, this.count);
    this.first = reserved(this.first, this.count);
    this.row[k] = i;
    this.first[k] = this.open;
    for (let r = this.open, m = i - r; r < i; r++) this.phase[r] = k + (r - this.open + 1) / (m + 1);
    this.phase[i] = k;
    if (trace.end[i] === trace.t[i]) this.instant++;
    this.open = i + 1;
    this.slots = 0;
  }

  private spread(from: EventIndex, to: EventIndex, slots: number): void {
    for (let r = from; r < to; r++) this.phase[r] = this.count + (r - this.open + 1) / (slots + 1);
  }
}

/** Whether an event is the run of a handle by the loop. */
export function isRun(trace: Trace, event: EventIndex): boolean {
  const kind = trace.kind[event];
  return kind === Kind.CALLBACK || (kind === Kind.STEP && !((trace.flags[event] as number) & Flag.EAGER));
}

/**
 * The first row of what an eager step did; its TASK row if it did nothing. In the log: the rows it wrote, among them
 * whole eager steps of tasks it created, then its task's row, then its own.
 */
export function firstOfEager(trace: Trace, step: EventIndex): EventIndex {
  const inside = new Set([trace.subject[step]]);
  let first = step;
  if (trace.kind[step - 1] === Kind.TASK && trace.subject[step - 1] === trace.subject[step]) first--;
  while (first > 0 && inside.has(trace.by[first - 1]) && !isRun(trace, first - 1)) {
    first--;
    if (trace.kind[first] === Kind.STEP) inside.add(trace.subject[first]);
  }
  return first;
}

function isOutside(trace: Trace, event: EventIndex): boolean {
  const kind = trace.kind[event];
  return kind === Kind.IDLE || kind === Kind.LOOP || kind === Kind.EXIT;
}

type Numbers = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** The array itself, or a copy at least twice as long where it is too short. */
export function reserved<A extends Numbers>(array: A, wanted: number): A {
  if (wanted <= array.length) return array;
  const next = new (array.constructor as new (n: number) => A)(Math.max(wanted, array.length * 2));
  next.set(array as never);
  return next;
}
