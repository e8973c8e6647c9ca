/** The lines of all tracks. A line is made when it is first looked at: most of thousands never are. */
import { Bits } from './bits';
import { Blocks } from './blocks';
import { TAKEN } from './heads';
import type { Line, Mix } from './line';
import type { Lists } from './lists';
import { State, stateAfterStep } from './reason';
import type { Scale, X } from './scale';
import { DUE, STEP_BLOCK, StepLine } from './stepline';
import { type EventIndex, Kind, type Seconds, type Trace } from './trace';
import { beginsTurn, type Present, TURN_BLOCK, TurnLine, Wakes } from './turns';

export { type Mix, STATES } from './line';

/** Blocks of segments kept at hand: about 5 MB of steps and half a megabyte of turns, if there are so many. */
const STEPS = 4096;
const TURNS = 2048;

export class Changes {
  private readonly turns = new Bits();
  private readonly wakes = new Wakes();
  private readonly loop: TurnLine;
  private readonly lines: (StepLine | undefined)[] = [];
  private readonly presents = new Map<number, Present>();
  private readonly blocks = new Blocks(STEP_BLOCK, STEPS);
  private states = 0;

  constructor(
    private readonly trace: Trace,
    private readonly scale: Scale,
    private readonly steps: Lists,
  ) {
    this.loop = new TurnLine(trace, scale, this.turns, new Blocks(TURN_BLOCK, TURNS), this.wakes);
  }

  /** Takes notice of rows from `from` on, whose cells were read. */
  take(from: EventIndex, count: number): void {
    const { trace, turns, wakes } = this;
    const { kind: kinds, how: hows, flags, by, chain, waits } = TAKEN;
    let states = 0;
    // The set is written a word at a time.
    for (let k = 0; k < count; ) {
      const word = (from + k) >>> 5;
      const stop = Math.min(count, (word + 1) * 32 - from);
      let bits = 0;
      for (; k < stop; k++) {
        const kind = kinds[k] as number;
        const how = hows[k] as number;
        const flag = flags[k] as number;
        const row = from + k;
        if (beginsTurn(kind, how, flag)) bits |= 1 << (row & 31);
        if (wakes.wants(kind)) states |= 1 << wakes.note(row, kind, how, flag, by[k] as number);
        if (kind === Kind.STEP)
          states |=
            (1 << State.RUN) | (1 << stateAfterStep(trace, how, chain[k] as number, waits[k] as number));
        else if (kind === Kind.CALLBACK) states |= 1 << State.RUN;
        else if (kind === Kind.TASK) states |= 1 << State.READY;
      }
      turns.merge(word, bits);
    }
    this.states |= states;
  }

  /** Rows were appended: what was computed for the last ones may be different now. */
  grow(): void {
    this.loop.forget();
    for (const line of this.lines) line?.forget();
  }

  /** What a track does at this moment, as long as no row tells. */
  present(track: number, state: State, clock: Seconds, phase: number = this.scale.runs.phases): void {
    const present = { state, clock, phase };
    this.states |= 1 << state;
    this.presents.set(track, present);
    this.tell(track, present);
  }

  forgetPresent(): void {
    for (const track of this.presents.keys()) this.tell(track, undefined);
    this.presents.clear();
  }

  private tell(track: number, present: Present | undefined): void {
    const line = track === 0 ? this.loop : this.lines[track];
    if (!line) return;
    line.now = present;
    line.forget();
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

  /** Makes what a picture of so many pixels needs, until `late` says so; whether all is made. */
  ready(track: number, pixels: number, late: () => boolean): boolean {
    return this.line(track).ready(pixels, late);
  }

  line(track: number): Line {
    if (track === 0) return this.loop;
    let line = this.lines[track];
    if (!line) {
      line = new StepLine(this.trace, this.scale, this.steps, track, this.blocks);
      line.now = this.presents.get(track);
      while (this.lines.length <= track) this.lines.push(undefined);
      this.lines[track] = line;
    }
    return line;
  }
}
