/** The loop's own track: runs of handles, and idle between them. */
import { Bits } from './bits';
import type { Blocks } from './blocks';
import { NANO, type Scan } from './columns';
import { Line } from './line';
import { State } from './reason';
import { runsHandle } from './runs';
import type { Scale, X } from './scale';
import { type EventIndex, How, Kind, type Seconds, type Trace } from './trace';

/** Segments in a block. */
export const TURN_BLOCK = 32;

/**
 * Which idle stretches something from outside of the loop has ended. A wait also ends where a visitor holds the program, or
 * stops it: nothing has come then. What has come runs next, by nobody's hand:
 *
 *     IDLE (outside)  STEP by 0     it came
 *     IDLE (outside)  IDLE          the program was held, and waits on
 *     CANCEL  IDLE (outside)        it was stopped
 */
export class Wakes {
  /** The stretch that nothing is known of yet; -1: none. */
  pending: EventIndex = -1;
  private readonly came = new Bits();
  /** Somebody has pressed Stop, and nothing has run since. */
  private stopped = false;

  /** Whether a row of such a kind can tell anything. */
  wants(kind: number): boolean {
    const begins = kind === Kind.IDLE || kind === Kind.LOOP || kind === Kind.CANCEL;
    return begins || ((kind === Kind.STEP || kind === Kind.CALLBACK) && (this.pending >= 0 || this.stopped));
  }

  /** Takes notice of a row. The state of an idle stretch that is known by it; NONE: of none. */
  note(row: EventIndex, kind: number, how: number, flags: number, by: number): State {
    const before = this.pending;
    const runs = runsHandle(kind, flags);
    const outside = kind === Kind.IDLE && how === How.OUTSIDE && !this.stopped;
    if (kind === Kind.CANCEL && how === How.BY_STOP) this.stopped = true;
    else if (runs) this.stopped = false;
    if (kind === Kind.IDLE || runs || kind === Kind.LOOP) this.pending = outside ? row : -1;
    if (kind === Kind.IDLE && !outside) return State.SLEEP;
    if (before < 0 || before === this.pending) return State.NONE;
    if (!runs || by !== 0) return State.SLEEP;
    this.came.add(before);
    return State.IO;
  }

  has(row: EventIndex): boolean {
    return this.came.has(row);
  }
}

/** What goes on now and has no row yet. */
export interface Present {
  state: State;
  clock: Seconds;
  phase: number;
}

export class TurnLine extends Line {
  now: Present | undefined;
  /** The segment that was looked at last, and its row: mostly it is the next one's turn. */
  private last = -1;
  private lastRow = -1;
  private clocks: Scan | undefined;
  private kinds: Scan | undefined;
  /** See Trace.turnCells. */
  private readonly cells = new Float64Array(4);

  /** `rows`: those that begin a segment, see `beginsTurn`; `wakes`: which of them ended from outside. */
  constructor(
    private readonly trace: Trace,
    scale: Scale,
    private readonly rows: Bits,
    blocks: Blocks,
    private readonly wakes = new Wakes(),
  ) {
    super(scale, blocks, [State.RUN, State.SLEEP, State.IO]);
  }

  get count(): number {
    return this.rows.count + (this.now ? 1 : 0);
  }

  protected get settled(): number {
    return this.rows.count - (this.wakes.pending >= 0 ? 1 : 0);
  }

  protected stateOf(i: number): State {
    if (i >= this.rows.count) return this.now?.state ?? State.NONE;
    const { trace, cells } = this;
    const row = this.row(i);
    trace.turnCells(row, cells);
    return this.stateAt(row);
  }

  event(i: number): EventIndex {
    return i < this.rows.count ? this.row(i) : this.trace.count;
  }

  findEvent(event: EventIndex): number {
    return this.rows.rank(event);
  }

  /** What the loop does from a row on whose cells were read. */
  private stateAt(row: EventIndex): State {
    const [, kind, , flags] = this.cells as unknown as [number, number, number, number];
    if (runsHandle(kind, flags)) return State.RUN;
    if (kind !== Kind.IDLE) return State.NONE;
    return this.wakes.has(row) ? State.IO : State.SLEEP;
  }

  private row(i: number): EventIndex {
    if (i !== this.last) {
      this.lastRow = i === this.last + 1 ? this.rows.next(this.lastRow + 1) : this.rows.select(i);
      this.last = i;
    }
    return this.lastRow;
  }

  /** Of clocks alone, from whole chunks of rows: nearly every row is a segment. */
  protected override tally(from: number, to: number, sums: Float64Array, at: number): void {
    if (this.exact || to >= this.rows.count) return super.tally(from, to, sums, at);
    const { trace, rows, wakes } = this;
    this.clocks ??= trace.scan('t');
    this.kinds ??= trace.scan('kind');
    const { clocks, kinds } = this;
    let row = this.row(from);
    let clock = 0;
    // Of a run, of waiting, of waiting for something from outside: in the order of this line's states.
    let s = -1;
    for (let k = from; k <= to; ) {
      clocks.around(row);
      kinds.around(row);
      const { first, stop } = clocks;
      for (; k <= to && row < stop; k++) {
        const next = (clocks.cells[row - first] as number) / NANO;
        if (s >= 0) sums[at + s * 2] = (sums[at + s * 2] as number) + next - clock;
        clock = next;
        const kind = kinds.cells[row - first];
        s = kind !== Kind.IDLE ? (kind === Kind.LOOP ? -1 : 0) : wakes.has(row) ? 2 : 1;
        row = rows.next(row + 1);
      }
    }
    this.clock = clock;
    this.phase = 0;
  }

  protected probe(i: number): X {
    if (this.scale.beta === 0 && i < this.rows.count) return this.trace.t.at(this.rows.select(i));
    this.locate(i);
    return this.clock + this.scale.beta * this.phase;
  }

  protected read(from: number, to: number, xs: Float64Array, states: Uint8Array, at: number): void {
    const { trace, cells } = this;
    const { beta, runs } = this.scale;
    const rows = Math.min(to, this.rows.count);
    let k = at;
    for (let i = from; i < rows; i++, k++) {
      const row = this.row(i);
      trace.turnCells(row, cells);
      xs[k] = beta === 0 ? (cells[0] as number) : (cells[0] as number) + beta * runs.phaseOf(row);
      states[k] = this.stateAt(row);
    }
    if (rows < to && this.now) {
      xs[k] = this.now.clock + beta * this.now.phase;
      states[k] = this.now.state;
    }
  }

  protected locate(i: number): void {
    if (i < this.rows.count) {
      const row = this.row(i);
      this.clock = this.trace.t.at(row);
      this.phase = this.exact || this.scale.beta !== 0 ? this.scale.runs.phaseOf(row) : 0;
    } else if (this.now) {
      this.clock = this.now.clock;
      this.phase = this.now.phase;
    }
  }
}

/** Whether a row begins a segment of the loop's track, by its cells. */
export function beginsTurn(kind: number, how: number, flags: number): boolean {
  return runsHandle(kind, flags) || kind === Kind.IDLE || (kind === Kind.LOOP && how === How.END);
}
