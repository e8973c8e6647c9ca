/**
 * The display coordinate x of every moment: x = clock + beta × phase, in seconds of display.
 *
 * Scale `time` has beta 0: x is the clock. Scale `turns` gives every handle run a width of its own, because under the
 * virtual clock many runs happen at the same instant:
 *
 *     clock   0 ──────────── 50 ms ─────── 100 ms        time:  ▏             ▏             ▏
 *     runs    3 at 0 s, 3 at 50 ms, 2 at 100 ms          turns: ▇▇▇─────▇▇▇─────▇▇
 *
 * Gaps keep their true proportions (100 ms looks twice as long as 50 ms) and every run can be seen.
 */
import { Runs } from './runs';
import { type EventIndex, Kind, type Seconds, type Trace } from './trace';

export type ScaleName = 'turns' | 'time';
/** Display seconds: an x of the present scale. */
export type X = number;

/** With fewer runs than this a run still takes no more than this share of the clock's stretch. */
const FEW = 12;
/** While streaming, beta stays until the ideal one is this far off: every change of it moves the whole picture. */
const SLACK = 1.5;

export class Scale {
  name: ScaleName = 'turns';
  /** Display seconds per handle run. */
  beta = 1;
  readonly runs: Runs;

  constructor(private readonly trace: Trace) {
    this.runs = new Runs(trace);
  }

  /** The scale that shows this trace best: turns where most runs take no clock time. */
  preferred(): ScaleName {
    return this.trace.instant * 2 >= this.runs.count ? 'turns' : 'time';
  }

  /** Adapts beta to the trace; true if it changed, and every x with it. */
  adapt(exactly = this.trace.exit !== undefined): boolean {
    const ideal = this.name === 'time' ? 0 : idealBeta(this.trace.now, this.runs.phases);
    const off = Math.max(ideal / this.beta, this.beta / ideal);
    const keep = ideal === this.beta || (!exactly && ideal !== 0 && this.beta !== 0 && off <= SLACK);
    if (keep) return false;
    this.beta = ideal;
    return true;
  }

  x(clock: Seconds, phase: number): X {
    return clock + this.beta * phase;
  }

  /** Where an event begins. */
  begin(event: EventIndex): X {
    const t = this.trace.t.at(event);
    // What nobody looks at need not be worked out.
    return this.beta === 0 ? t : this.x(t, this.runs.beginPhase(event));
  }

  /** Where an event is over; the same as its begin for what has no duration. */
  end(event: EventIndex): X {
    const t = this.trace.t.at(event);
    const end = this.lasts(event) ? Math.max(t, this.trace.end.at(event)) : t;
    return this.beta === 0 ? end : this.x(end, this.runs.endPhase(event));
  }

  /** Where the handle of a STEP or CALLBACK became ready. */
  ready(event: EventIndex): X {
    const ready = this.trace.ready.at(event);
    return this.beta === 0 ? ready : this.x(ready, this.runs.readyPhase(event));
  }

  /**
   * The latest moment of the trace: with a run in progress, the end of the place it takes. A wait that takes no time, as
   * for somebody outside of a virtual clock, has a place, too: else the step before it would seem to go on.
   */
  now(): X {
    const { trace } = this;
    const busy = trace.running.subject !== 0 || this.runs.open < trace.count;
    const stands = trace.life === 'waits' && trace.now <= trace.running.since;
    const open = (busy || stands) && (!trace.exit || trace.aborted);
    return this.x(trace.now, this.runs.phases + (open ? 1 : 0));
  }

  /** What the clock shows at x. */
  clockAt(x: X): Seconds {
    const { runs, trace } = this;
    let low = 0;
    let high = runs.count;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.begin(runs.rowOf(mid)) <= x) low = mid + 1;
      else high = mid;
    }
    if (low === 0) return Math.min(x, trace.now);
    const row = runs.rowOf(low - 1);
    const t = trace.t.at(row);
    const end = trace.end.at(row);
    const x0 = this.begin(row);
    const x1 = this.end(row);
    if (x < x1) return x1 > x0 ? t + ((end - t) * (x - x0)) / (x1 - x0) : t;
    return Math.min(end + (x - x1), trace.now);
  }

  /** Where the clock reaches a time. */
  reaches(clock: Seconds): X {
    const { runs, trace } = this;
    let low = 0;
    let high = runs.count;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (trace.end.at(runs.rowOf(mid)) < clock) low = mid + 1;
      else high = mid;
    }
    if (low === runs.count) return this.x(clock, runs.phases);
    const row = runs.rowOf(low);
    const t = trace.t.at(row);
    const end = trace.end.at(row);
    const from = runs.phaseOf(row);
    return this.x(clock, clock <= t ? from : from + ((clock - t) / (end - t)) * (runs.endPhase(row) - from));
  }

  /** The phase at x: what stays in place when the scale changes. */
  phaseAt(x: X): number {
    return this.beta > 0 ? (x - this.clockAt(x)) / this.beta : this.phaseOfClock(x);
  }

  private phaseOfClock(clock: Seconds): number {
    const { runs, trace } = this;
    let low = 0;
    let high = runs.count;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (trace.t.at(runs.rowOf(mid)) < clock) low = mid + 1;
      else high = mid;
    }
    return low < runs.count ? runs.phaseOf(runs.rowOf(low)) : runs.phases;
  }

  private lasts(event: EventIndex): boolean {
    // A timer's `end` is when it is due, and NOW's is when it began: neither is an end.
    const kind = this.trace.kind.at(event);
    return kind === Kind.STEP || kind === Kind.CALLBACK || kind === Kind.IDLE;
  }
}

export function idealBeta(clock: Seconds, runs: number): number {
  if (!(clock > 0)) return 1;
  return Math.min(clock / Math.max(1, runs), clock / FEW);
}
