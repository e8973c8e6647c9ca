/**
 * One track as a line of segments, each in one state and lasting until the next begins; and the exact mix of states
 * between any two positions of it.
 *
 * Nothing of a segment is stored: lines compute it from the trace's rows, a block at a time, and keep the blocks that were
 * looked at last. Of all blocks only sums are stored: how much of each state there is before it, as clock and as phase. Both
 * are linear in x = clock + beta × phase, so the sums hold for every beta and nothing is rebuilt when beta changes. Phases
 * take most of the time to work out: they are left out as long as the scale is of time alone.
 *
 *     segments   ▇──▇▇─▇──▇─ … ▇──▇▇─▇──▇─ …
 *     sums       0             1             2        made when they are first asked for
 */
import type { Block, Blocks } from './blocks';
import { State } from './reason';
import type { Scale, X } from './scale';
import type { EventIndex } from './trace';

/** States that take time: all but NONE. */
export const STATES = State.NONE;

/** How much of each state there is in a stretch, in display seconds. */
export type Mix = Float64Array;

/** Blocks that are summed between two looks at the clock. */
const PORTION = 16;
/** A block's stamp: it will always be as it is. */
const FOR_EVER = -1;

export abstract class Line {
  /** Per block: where it begins, as clock seconds and phase, and the same for each state: how much of it there is before. */
  private sums = new Float64Array(0);
  private summed = 0;
  /** Whether the sums tell of phases. */
  private sumsPhased = false;
  /** Where `locate` found a segment to begin. */
  protected clock = 0;
  protected phase = 0;
  /** The phase counts even where the present scale does not look at it. */
  protected exact = false;
  private a: Mix = new Float64Array(STATES);
  private b: Mix = new Float64Array(STATES);
  /** Up to where `b` was summed last, and the beta. */
  private summedTo: X = NaN;
  private summedBeta = 0;
  private readonly known = new Map<number, Block>();
  /** The block that was asked for last. */
  private latest: Block | undefined;
  /** Counts up with the trace's growth. */
  private stamp = 0;
  private readonly block: number;
  private readonly shift: number;
  private readonly stride: number;

  /** `blocks`: where those that were looked at last are kept; `states`: those that occur. */
  constructor(
    protected readonly scale: Scale,
    private readonly blocks: Blocks,
    private readonly states: readonly State[],
  ) {
    this.block = blocks.size;
    this.shift = Math.log2(blocks.size);
    this.stride = (states.length + 1) * 2;
  }

  /** Number of segments. */
  abstract readonly count: number;
  /** How many of them, from the first on, are as they will always be. */
  protected abstract readonly settled: number;
  abstract event(i: number): EventIndex;
  /** Puts the begin of segment i into `clock` and `phase`. */
  protected abstract locate(i: number): void;
  protected abstract stateOf(i: number): State;
  /** Where segment i begins, for who asks for few and far between. */
  protected abstract probe(i: number): X;
  /** Writes begins and states of the segments [from, to), which are all of one block. */
  protected abstract read(from: number, to: number, xs: Float64Array, states: Uint8Array, at: number): void;
  /** The first segment whose event is `event` or later: events of a line never go back. */
  abstract findEvent(event: EventIndex): number;

  /** The trace has grown: what was worked out for the last segments may be different now. */
  forget(): void {
    this.stamp++;
    this.latest = undefined;
    this.summedTo = NaN;
  }

  /** Where segment i begins. */
  x(i: number): X {
    const block = this.blockOf(i >> this.shift);
    return block.xs[block.at + (i & (this.block - 1))] as X;
  }

  state(i: number): State {
    const block = this.blockOf(i >> this.shift);
    return block.states[block.at + (i & (this.block - 1))] as State;
  }

  /** The last segment that begins at or before x, looking from `from` on; `from - 1` where there is none. */
  find(x: X, from = 0): number {
    const n = this.count;
    if (from >= n) return from - 1;
    const { shift } = this;
    const last = (n - 1) >> shift;
    let b = from >> shift;
    if (b < last && this.endOf(b) <= x) {
      // Most searches end near where they begin: gallop, then halve.
      b++;
      let step = 1;
      while (b + step <= last && this.beginOf(b + step) <= x) {
        b += step;
        step *= 2;
      }
      let high = Math.min(last, b + step - 1);
      while (b < high) {
        const mid = (b + high + 1) >>> 1;
        if (this.beginOf(mid) <= x) b = mid;
        else high = mid - 1;
      }
    }
    const { xs, at } = this.blockOf(b);
    const first = b << shift;
    let low = Math.max(from, first);
    let high = Math.min(n, first + this.block);
    // Near again.
    for (let step = 1; low + step < high && (xs[at + low + step - first] as X) <= x; step *= 2) low += step;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if ((xs[at + mid - first] as X) <= x) low = mid + 1;
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
    // Pixel follows pixel: what one ends with is what the next begins with.
    [this.a, this.b] = [this.b, this.a];
    const { beta } = this.scale;
    if (this.summedTo !== x0 || this.summedBeta !== beta) this.until(i, x0, this.a);
    this.until(j, x1, this.b);
    this.summedTo = x1;
    this.summedBeta = beta;
    for (let s = 0; s < STATES; s++)
      out[s] = (out[s] as number) + (this.b[s] as number) - (this.a[s] as number);
  }

  /**
   * Makes the sums that a picture of so many pixels asks for, until `late` says so; whether all are made. Else the picture
   * makes them at one go, however many events have come since the last one.
   */
  ready(pixels: number, late: () => boolean): boolean {
    if (this.count <= pixels * this.block) return true;
    this.forgetSums();
    const last = Math.max(0, this.settled - 1) >> this.shift;
    while (this.summed <= last) {
      this.sum(Math.min(last, this.summed + PORTION));
      if (this.summed <= last && late()) return false;
    }
    return true;
  }

  /**
   * Adds how much of each state the segments [from, to) have, which are settled, to the sums from `at` on; `to`'s own begin
   * comes into `clock` and `phase`.
   */
  protected tally(from: number, to: number, sums: Float64Array, at: number): void {
    const { states } = this;
    this.locate(from);
    let { clock, phase } = this;
    for (let k = from; k < to; k++) {
      const s = states.indexOf(this.stateOf(k));
      this.locate(k + 1);
      if (s >= 0) {
        const place = at + s * 2;
        sums[place] = (sums[place] as number) + this.clock - clock;
        sums[place + 1] = (sums[place + 1] as number) + this.phase - phase;
      }
      clock = this.clock;
      phase = this.phase;
    }
  }

  /** Sums without phases are of no use to a scale that looks at them. */
  private forgetSums(): void {
    if (this.sumsPhased || this.scale.beta === 0) return;
    this.sumsPhased = true;
    this.summed = 0;
  }

  private walk(i: number, x0: X, j: number, x1: X, out: Mix): void {
    const { block: size, shift } = this;
    let from = x0;
    let state: number = STATES;
    for (let k = i; k <= j; ) {
      const { xs, states, at } = this.blockOf(k >> shift);
      const first = (k >> shift) << shift;
      const stop = Math.min(j + 1, first + size);
      for (; k < stop; k++) {
        // Segment i has begun before x0.
        const to = k === i ? x0 : (xs[at + k - first] as X);
        if (to > from) {
          if (state < STATES) out[state] = (out[state] as number) + to - from;
          from = to;
        }
        state = states[at + k - first] as number;
      }
    }
    if (x1 > from && state < STATES) out[state] = (out[state] as number) + x1 - from;
  }

  /** How much of each state there is until x, within segment i. */
  private until(i: number, x: X, out: Mix): void {
    const block = i >> this.shift;
    this.sum(block);
    const { beta } = this.scale;
    const { states } = this;
    const at = block * this.stride + 2;
    out.fill(0);
    for (let s = 0; s < states.length; s++)
      out[states[s] as State] =
        (this.sums[at + s * 2] as number) + beta * (this.sums[at + s * 2 + 1] as number);
    const first = block << this.shift;
    this.walk(first, this.x(first), i, x, out);
  }

  /** A block with its segments worked out. */
  private blockOf(b: number): Block {
    const { latest, scale } = this;
    if (latest && latest.number === b && latest.owner === this.known && latest.beta === scale.beta)
      return latest;
    let block = this.known.get(b);
    if (!block || block.beta !== scale.beta || (block.stamp !== FOR_EVER && block.stamp !== this.stamp)) {
      block ??= this.blocks.take(this.known, b);
      const from = b << this.shift;
      const to = from + this.block;
      const { settled } = this;
      block.beta = scale.beta;
      block.stamp = to <= settled ? FOR_EVER : this.stamp;
      this.read(from, Math.min(to, this.count), block.xs, block.states, block.at);
      block.end = to < settled ? this.probe(to) : NaN;
    }
    this.latest = block;
    return block;
  }

  /** Where a block begins. It is not worked out for that. */
  private beginOf(b: number): X {
    if (b >= this.summed || (!this.sumsPhased && this.scale.beta !== 0)) return this.probe(b << this.shift);
    const at = b * this.stride;
    return (this.sums[at] as number) + this.scale.beta * (this.sums[at + 1] as number);
  }

  /** Where the block after b begins; there is one. */
  private endOf(b: number): X {
    const { end } = this.blockOf(b);
    return Number.isNaN(end) ? this.beginOf(b + 1) : end;
  }

  /** Makes the sums up to a block. */
  private sum(block: number): void {
    this.forgetSums();
    if (block < this.summed) return;
    const { stride } = this;
    const wanted = (block + 1) * stride;
    if (wanted > this.sums.length) {
      const blocks = Math.max(block + 1, Math.ceil((this.settled / this.block) * 1.1));
      const next = new Float64Array(blocks * stride);
      next.set(this.sums.subarray(0, this.summed * stride));
      this.sums = next;
    }
    const { sums } = this;
    this.exact = this.sumsPhased;
    if (this.summed === 0) {
      this.locate(0);
      sums[0] = this.clock;
      sums[1] = this.phase;
      this.summed = 1;
    }
    for (; this.summed <= block; this.summed++) {
      const to = this.summed * stride;
      sums.copyWithin(to, to - stride, to);
      const first = (this.summed - 1) * this.block;
      this.tally(first, first + this.block, sums, to + 2);
      sums[to] = this.clock;
      sums[to + 1] = this.phase;
    }
    this.exact = false;
  }
}
