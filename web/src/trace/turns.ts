/** The loop's own track: runs of handles, and idle between them. */
import type { Bits } from './bits';
import { Line } from './line';
import { State } from './reason';
import { isRun } from './runs';
import type { Scale } from './scale';
import { type EventIndex, How, Kind, type Seconds, type Trace } from './trace';

const BLOCK = 32;

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

  /** `rows`: those that begin a segment, see `beginsTurn`. */
  constructor(
    private readonly trace: Trace,
    scale: Scale,
    private readonly rows: Bits,
  ) {
    super(scale, BLOCK, [State.RUN, State.SLEEP, State.IO]);
  }

  get count(): number {
    return this.rows.count + (this.now ? 1 : 0);
  }

  protected get settled(): number {
    return this.rows.count;
  }

  state(i: number): State {
    if (i >= this.rows.count) return this.now?.state ?? State.NONE;
    const row = this.row(i);
    if (isRun(this.trace, row)) return State.RUN;
    if (this.trace.kind.at(row) !== Kind.IDLE) return State.NONE;
    return this.trace.how.at(row) === How.OUTSIDE ? State.IO : State.SLEEP;
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

  protected locate(i: number): void {
    if (i < this.rows.count) {
      const row = this.row(i);
      this.clock = this.trace.t.at(row);
      this.phase = this.scale.runs.phaseOf(row);
    } else if (this.now) {
      this.clock = this.now.clock;
      this.phase = this.now.phase;
    }
  }
}

/** Whether a row begins a segment of the loop's track. */
export function beginsTurn(trace: Trace, row: EventIndex): boolean {
  const kind = trace.kind.at(row);
  return kind === Kind.IDLE || (kind === Kind.LOOP && trace.how.at(row) === How.END) || isRun(trace, row);
}
