/** The loop's own track: runs of handles, and idle between them. */
import type { Bits } from './bits';
import type { Blocks } from './blocks';
import { Line } from './line';
import { State } from './reason';
import { runsHandle } from './runs';
import type { Scale, X } from './scale';
import { type EventIndex, How, Kind, type Seconds, type Trace } from './trace';

/** Segments in a block. */
export const TURN_BLOCK = 32;

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
  /** See Trace.turnCells. */
  private readonly cells = new Float64Array(4);

  /** `rows`: those that begin a segment, see `beginsTurn`. */
  constructor(
    private readonly trace: Trace,
    scale: Scale,
    private readonly rows: Bits,
    blocks: Blocks,
  ) {
    super(scale, blocks, [State.RUN, State.SLEEP, State.IO]);
  }

  get count(): number {
    return this.rows.count + (this.now ? 1 : 0);
  }

  protected get settled(): number {
    return this.rows.count;
  }

  protected stateOf(i: number): State {
    if (i >= this.rows.count) return this.now?.state ?? State.NONE;
    const { trace, cells } = this;
    trace.turnCells(this.row(i), cells);
    return stateOf(cells[1] as number, cells[2] as number, cells[3] as number);
  }

  event(i: number): EventIndex {
    return i < this.rows.count ? this.row(i) : this.trace.count;
  }

  findEvent(event: EventIndex): number {
    return this.rows.rank(event);
  }

  private row(i: number): EventIndex {
    if (i !== this.last) {
      this.lastRow = i === this.last + 1 ? this.rows.next(this.lastRow + 1) : this.rows.select(i);
      this.last = i;
    }
    return this.lastRow;
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
      states[k] = stateOf(cells[1] as number, cells[2] as number, cells[3] as number);
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

/** What the loop does from a row on that begins a segment of its track, by the row's cells. */
export function stateOf(kind: number, how: number, flags: number): State {
  if (runsHandle(kind, flags)) return State.RUN;
  if (kind !== Kind.IDLE) return State.NONE;
  return how === How.OUTSIDE ? State.IO : State.SLEEP;
}

/** Whether a row begins a segment of the loop's track, by its cells. */
export function beginsTurn(kind: number, how: number, flags: number): boolean {
  return runsHandle(kind, flags) || kind === Kind.IDLE || (kind === Kind.LOOP && how === How.END);
}
