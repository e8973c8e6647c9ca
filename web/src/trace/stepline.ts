/**
 * A task's track. Every step has four segments, some of them of no length, so that a segment's number tells its step:
 *
 *     number    4n        4n + 1           4n + 2     4n + 3
 *     segment   due       ready            runs       waits, or has ended
 *     begins    its timer became ready,    step's     step's end
 *               was due   or was created   begin
 *
 * Segments of no length are NONE. What runs or is due at this moment has no row yet: it begins a step of its own.
 */
import type { Blocks } from './blocks';
import { type Due, dueBefore, isLate } from './due';
import { Line } from './line';
import type { Lists } from './lists';
import { State, stateAfterStep } from './reason';
import { isRun } from './runs';
import type { Scale, X } from './scale';
import { type EventIndex, How, type Seconds, type Trace } from './trace';
import type { Present } from './turns';

const SLOTS = 4;
/** Segments in a block. */
export const STEP_BLOCK = 32 * SLOTS;
export const DUE = 0;
const READY = 1;
const RUNS = 2;
const AFTER = 3;

export class StepLine extends Line {
  now: Present | undefined;
  private readonly clocks = new Float64Array(SLOTS);
  private readonly phases = new Float64Array(SLOTS);
  private readonly states_ = new Uint8Array(SLOTS);
  /** Of the step that was read last: see Trace.stepCells; and the row of the timer it ended waiting for, -1: none. */
  private readonly cells = new Float64Array(6);
  private timer: EventIndex = -1;
  /** The step whose segments are at hand; -1: none. */
  private loaded = -1;
  private phased = false;

  constructor(
    private readonly trace: Trace,
    scale: Scale,
    private readonly steps: Lists,
    private readonly track: number,
    blocks: Blocks,
  ) {
    super(scale, blocks, [
      State.RUN,
      State.READY,
      State.SLEEP,
      State.SYNC,
      State.QUEUE,
      State.TASK,
      State.IO,
      State.OTHER,
    ]);
  }

  get count(): number {
    const n = this.steps.count(this.track);
    // Of a task without a step that is no more, the last slot tells when it went.
    const ends = this.now?.state === State.RUN || (this.now?.state === State.NONE && n === 0);
    if (this.now) return n * SLOTS + (ends ? RUNS : DUE) + 1;
    return n === 0 ? READY + 1 : n * SLOTS;
  }

  protected get settled(): number {
    let n = this.steps.count(this.track);
    // The run it was a part of goes on: its phase may change.
    while (n > 0 && this.steps.get(this.track, n - 1) >= this.scale.runs.open) n--;
    return n * SLOTS;
  }

  protected stateOf(i: number): State {
    this.load(i >> 2);
    return this.states_[i & 3] as State;
  }

  protected probe(i: number): X {
    const n = i >> 2;
    if ((i & 3) === RUNS && n < this.steps.count(this.track)) return this.begin(n);
    this.locate(i);
    return this.clock + this.scale.beta * this.phase;
  }

  protected read(from: number, to: number, xs: Float64Array, states: Uint8Array, at: number): void {
    const { clocks, phases, states_ } = this;
    const { beta } = this.scale;
    for (let i = from; i < to; i += SLOTS) {
      this.load(i >> 2);
      for (let slot = 0, k = at + i - from; slot < SLOTS; slot++, k++) {
        xs[k] = (clocks[slot] as number) + beta * (phases[slot] as number);
        states[k] = states_[slot] as number;
      }
    }
  }

  event(i: number): EventIndex {
    const n = i >> 2;
    const slot = i & 3;
    if (slot === DUE || n === 0) {
      if (slot < RUNS) return n === 0 ? this.created : this.steps.get(this.track, n - 1);
    }
    return n < this.steps.count(this.track) ? this.steps.get(this.track, n) : this.trace.count;
  }

  findEvent(event: EventIndex): number {
    let low = 0;
    let high = this.steps.count(this.track);
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.steps.get(this.track, mid) < event) low = mid + 1;
      else high = mid;
    }
    if (low > 0) return Math.min(this.count, low * SLOTS + READY);
    return this.created >= event ? 0 : Math.min(this.count, RUNS);
  }

  override forget(): void {
    super.forget();
    this.loaded = -1;
  }

  protected locate(i: number): void {
    this.load(i >> 2);
    this.clock = this.clocks[i & 3] as number;
    this.phase = this.phases[i & 3] as number;
  }

  private get created(): EventIndex {
    return this.trace.tasks[this.track - 1]?.created ?? 0;
  }

  /** Where a step begins to run. */
  private begin(n: number): X {
    const row = this.steps.get(this.track, n);
    const { beta, runs } = this.scale;
    const clock = this.trace.t.at(row);
    return beta === 0 ? clock : clock + beta * runs.beginPhase(row);
  }

  private load(n: number): void {
    const phased = this.exact || this.scale.beta !== 0;
    if (n === this.loaded && (this.phased || !phased)) return;
    const { trace, clocks, phases, cells, states_: states } = this;
    const { runs } = this.scale;
    const count = this.steps.count(this.track);
    const row = n < count ? this.steps.get(this.track, n) : -1;
    const before = n > 0 ? this.steps.get(this.track, n - 1) : -1;
    // What was before it: its creation, or the end of the step before.
    let clock = 0;
    let phase = 0;
    let waited: State = State.READY;
    if (before < 0) {
      clock = trace.t.at(this.created);
      if (phased) phase = runs.phaseOf(this.created);
    } else if (n === this.loaded + 1 && this.loaded >= 0 && (this.phased || !phased)) {
      clock = clocks[AFTER] as number;
      phase = phases[AFTER] as number;
      waited = states[AFTER] as State;
    } else {
      trace.stepCells(before, cells);
      clock = cells[1] as number;
      if (phased) phase = runs.endPhase(before);
      waited = this.readWait();
    }
    const timer = this.timer;
    this.loaded = n;
    this.phased = phased;
    states.fill(State.NONE);
    if (row < 0) this.loadPresent(clock, phase, before >= 0);
    else {
      trace.stepCells(row, cells);
      const ready = cells[2] as number;
      states[RUNS] = State.RUN;
      clocks[RUNS] = cells[0] as number;
      phases[RUNS] = phased ? runs.beginPhase(row) : 0;
      states[AFTER] = this.readWait();
      clocks[AFTER] = cells[1] as number;
      phases[AFTER] = phased ? runs.endPhase(row) : 0;
      if (before < 0) this.loadFirst(row, clock, phase);
      else if (waited === State.READY) this.put(DUE, READY, clocks[RUNS] as number, phases[RUNS] as number);
      else {
        const late = timer >= 0 && isLate(trace.end.at(timer), ready);
        const due = late ? dueBefore(trace, runs, before, ready) : undefined;
        this.loadWoken(row, ready, due, clock, phase, phased);
      }
    }
  }

  /** The state after the step whose cells are at hand, and the timer it waits for. */
  private readWait(): State {
    const { trace, cells } = this;
    const [how, chain, waits] = [cells[3] as number, cells[4] as number, cells[5] as number];
    this.timer = how === How.SUSPENDED ? trace.timerRowOf(waits) : -1;
    return stateAfterStep(trace, how, chain, waits);
  }

  /** From the creation to the first step. */
  private loadFirst(row: EventIndex, clock: number, phase: number): void {
    // An eager task was never in the ready queue, though its TASK row, which comes first, looked like it.
    if (isRun(this.trace, row)) {
      this.states_[READY] = State.READY;
      this.put(DUE, READY, clock, phase);
    } else this.put(DUE, READY, this.clocks[RUNS] as number, this.phases[RUNS] as number);
  }

  /** From the end of a wait to the step. */
  private loadWoken(
    row: EventIndex,
    ready: Seconds,
    due: Due | undefined,
    clock: number,
    phase: number,
    phased: boolean,
  ): void {
    const { runs } = this.scale;
    if (due) {
      this.states_[DUE] = State.READY;
      this.put(DUE, DUE, Math.max(clock, due.when), Math.max(phase, due.phase));
    }
    this.states_[READY] = State.READY;
    const from = Math.max(clock, due?.when ?? clock, ready);
    const fromPhase = phased ? Math.max(phase, due?.phase ?? phase, runs.readyPhase(row)) : 0;
    this.put(due ? READY : DUE, READY, from, fromPhase);
  }

  /** What goes on now. */
  private loadPresent(clock: number, phase: number, woken: boolean): void {
    const { now } = this;
    const at = now ? Math.max(clock, now.clock) : clock;
    const phaseAt = now ? Math.max(phase, now.phase) : phase;
    if (!woken) this.states_[READY] = State.READY;
    else if (now?.state === State.READY) this.states_[DUE] = State.READY;
    this.put(DUE, READY, woken ? at : clock, woken ? phaseAt : phase);
    if (now?.state === State.RUN) this.states_[RUNS] = State.RUN;
    this.put(RUNS, AFTER, at, phaseAt);
  }

  private put(from: number, to: number, clock: number, phase: number): void {
    for (let slot = from; slot <= to; slot++) {
      this.clocks[slot] = clock;
      this.phases[slot] = phase;
    }
  }
}
