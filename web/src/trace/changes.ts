/** The lines of all tracks. A line is made when it is first looked at: most of thousands never are. */
import { Bits } from './bits';
import type { Line, Mix } from './line';
import type { Lists } from './lists';
import { State, stateAfter } from './reason';
import type { Scale, X } from './scale';
import { DUE, StepLine } from './stepline';
import { type EventIndex, Kind, type Seconds, type Trace } from './trace';
import { beginsTurn, type Present, TurnLine } from './turns';

export { type Mix, STATES } from './line';

export class Changes {
  private readonly turns = new Bits();
  private readonly loop: TurnLine;
  private readonly lines: (StepLine | undefined)[] = [];
  private readonly presents = new Map<number, Present>();
  private states = 0;

  constructor(
    private readonly trace: Trace,
    private readonly scale: Scale,
    private readonly steps: Lists,
  ) {
    this.loop = new TurnLine(trace, scale, this.turns);
  }

  /** Takes notice of a row. */
  note(row: EventIndex): void {
    const { trace } = this;
    const kind = trace.kind.at(row);
    if (beginsTurn(trace, row)) {
      this.turns.add(row);
      if (kind === Kind.IDLE) this.states |= 1 << this.loop.state(this.turns.count - 1);
      else if (kind === Kind.CALLBACK) this.states |= 1 << State.RUN;
    }
    if (kind === Kind.STEP) this.states |= (1 << State.RUN) | (1 << stateAfter(trace, row));
    else if (kind === Kind.TASK) this.states |= 1 << State.READY;
  }

  /** Rows were appended: what was computed for the last ones may be different now. */
  grow(): void {
    for (const line of this.lines) line?.forget();
  }

  /** What a track does at this moment, as long as no row tells. */
  present(track: number, state: State, clock: Seconds, phase: number = this.scale.runs.phases): void {
    const present = { state, clock, phase };
    this.states |= 1 << state;
    this.presents.set(track, present);
    if (track === 0) this.loop.now = present;
    else {
      const line = this.lines[track];
      if (line) line.now = present;
    }
  }

  forgetPresent(): void {
    for (const track of this.presents.keys()) {
      const line = this.lines[track];
      if (line) line.now = undefined;
    }
    this.loop.now = undefined;
    this.presents.clear();
  }

  count(track: number): number {
    return this.line(track).count;
  }

  /** Whether a state ever occurred on any track. */
  seen(state: State): boolean {
    return (this.states & (1 << state)) !== 0;
  }

  x(track: number, i: number): X {
    return this.line(track).x(i);
  }

  state(track: number, i: number): State {
    return this.line(track).state(i);
  }

  event(track: number, i: number): EventIndex {
    return this.line(track).event(i);
  }

  /** Whether segment i of a task's track is one of being due. */
  isDue(track: number, i: number): boolean {
    return track !== 0 && (i & 3) === DUE;
  }

  find(track: number, x: X, from = 0): number {
    return this.line(track).find(x, from);
  }

  findEvent(track: number, event: EventIndex): number {
    return this.line(track).findEvent(event);
  }

  mix(track: number, i: number, x0: X, j: number, x1: X, out: Mix): void {
    this.line(track).mix(i, x0, j, x1, out);
  }

  line(track: number): Line {
    if (track === 0) return this.loop;
    let line = this.lines[track];
    if (!line) {
      line = new StepLine(this.trace, this.scale, this.steps, track);
      line.now = this.presents.get(track);
      while (this.lines.length <= track) this.lines.push(undefined);
      this.lines[track] = line;
    }
    return line;
  }
}
