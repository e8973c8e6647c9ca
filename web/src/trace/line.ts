/**
 * One track as a line of segments, each in one state and lasting until the next begins; and the exact mix of states
 * between any two positions of it.
 *
 * Nothing of a segment is stored: lines compute it from the trace's rows. Only sums are, one for every block of
 * segments: how much of each state there is before it, as clock and as phase. Both are linear in x = clock + beta × phase,
 * so the sums hold for every beta and nothing is rebuilt when the scale changes:
 *
 *     segments   ▇──▇▇─▇──▇─ … ▇──▇▇─▇──▇─ …
 *     sums       0             1             2        made when they are first asked for
 */
import { State } from './reason';
import type { Scale, X } from './scale';
import type { EventIndex } from './trace';

/** States that take time: all but NONE. */
export const STATES = State.NONE;

/** How much of each state there is in a stretch, in display seconds. */
export type Mix = Float64Array;

export abstract class Line {
  /** Per block and state: clock seconds, then phase. */
  private sums = new Float64Array(0);
  private summed = 0;
  /** Where `locate` found a segment to begin. */
  protected clock = 0;
  protected phase = 0;
  /** The phase counts even where the present scale does not look at it. */
  protected exact = false;
  private readonly a = new Float64Array(STATES);
  private readonly b = new Float64Array(STATES);

  /** `block`: segments in a block, a power of 2; `states`: those that occur. */
  constructor(
    protected readonly scale: Scale,
    private readonly block: number,
    private readonly states: readonly State[],
  ) {}

  /** Number of segments. */
  abstract readonly count: number;
  /** How many of them, from the first on, are as they will always be. */
  protected abstract readonly settled: number;
  abstract state(i: number): State;
  abstract event(i: number): EventIndex;
  /** Puts the begin of segment i into `clock` and `phase`. */
  protected abstract locate(i: number): void;
  /** The first segment whose event is `event` or later: events of a line never go back. */
  abstract findEvent(event: EventIndex): number;

  /** Where segment i begins. */
  x(i: number): X {
    this.locate(i);
    return this.clock + this.scale.beta * this.phase;
  }

  /** The last segment that begins at or before x, looking from `from` on; `from - 1` where there is none. */
  find(x: X, from = 0): number {
    const n = this.count;
    let low = from;
    let step = 1;
    // Most searches end near where they begin: gallop, then halve.
    while (low + step < n && this.x(low + step) <= x) {
      low += step;
      step *= 2;
    }
    let high = Math.min(n, low + step);
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.x(mid) <= x) low = mid + 1;
      else high = mid;
    }
    return low - 1;
  }

  /** Adds to `out` what lies between x0, within segment i, and x1, within segment j ≥ i. */
  mix(i: number, x0: X, j: number, x1: X, out: Mix): void {
    if (j - i <= this.block) {
      this.walk(i, x0, j, x1, out);
      return;
    }
    this.until(i, x0, this.a);
    this.until(j, x1, this.b);
    for (let s = 0; s < STATES; s++)
      out[s] = (out[s] as number) + (this.b[s] as number) - (this.a[s] as number);
  }

  private walk(i: number, x0: X, j: number, x1: X, out: Mix): void {
    let from = x0;
    let state = this.state(i);
    for (let k = i + 1; k <= j; k++) {
      const to = this.x(k);
      if (to > from) {
        if (state < STATES) out[state] = (out[state] as number) + to - from;
        from = to;
      }
      state = this.state(k);
    }
    if (x1 > from && state < STATES) out[state] = (out[state] as number) + x1 - from;
  }

  /** How much of each state there is until x, within segment i. */
  private until(i: number, x: X, out: Mix): void {
    const block = Math.floor(i / this.block);
    this.sum(block);
    const { beta } = this.scale;
    const { states } = this;
    const at = block * states.length * 2;
    out.fill(0);
    for (let s = 0; s < states.length; s++)
      out[states[s] as State] =
        (this.sums[at + s * 2] as number) + beta * (this.sums[at + s * 2 + 1] as number);
    const first = block * this.block;
    this.walk(first, this.x(first), i, x, out);
  }

  /** Makes the sums up to a block. */
  private sum(block: number): void {
    const { states } = this;
    const stride = states.length * 2;
    if (block < this.summed) return;
    this.summed ||= 1;
    const wanted = (block + 1) * stride;
    if (wanted > this.sums.length) {
      const blocks = Math.max(block + 1, Math.ceil((this.settled / this.block) * 1.1));
      const next = new Float64Array(blocks * stride);
      next.set(this.sums.subarray(0, this.summed * stride));
      this.sums = next;
    }
    const { sums } = this;
    this.exact = true;
    for (; this.summed <= block; this.summed++) {
      const to = this.summed * stride;
      sums.copyWithin(to, to - stride, to);
      const first = (this.summed - 1) * this.block;
      this.locate(first);
      let { clock, phase } = this;
      for (let k = first; k < first + this.block; k++) {
        const s = states.indexOf(this.state(k));
        this.locate(k + 1);
        if (s >= 0) {
          const at = to + s * 2;
          sums[at] = (sums[at] as number) + this.clock - clock;
          sums[at + 1] = (sums[at + 1] as number) + this.phase - phase;
        }
        clock = this.clock;
        phase = this.phase;
      }
    }
    this.exact = false;
  }
}
