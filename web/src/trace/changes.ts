/**
 * State changes of many tracks, append-only, with the exact mix of states between any two positions.
 *
 * Each track owns blocks of 16 changes in shared columns. A block carries, per state, how much of it the track has
 * seen before the block, as clock and as phase: both are linear in x = clock + beta × phase, so the sums hold for
 * every beta and nothing is rebuilt when the scale changes.
 *
 *     track 2   blocks [ 4 ][ 9 ]         block 9: sums before it | change, change, …, change (16)
 */
import { State } from './reason';
import { reserved } from './runs';
import type { Scale, X } from './scale';
import type { EventIndex } from './trace';

const SHIFT = 4;
const BLOCK = 1 << SHIFT;
const MASK = BLOCK - 1;
/** States that take time: all but NONE. */
export const STATES = State.NONE;
/** Per block and state: clock seconds, then phase. */
const SUMS = STATES * 2;
const EVENT_BITS = 28;
const EVENT_MASK = (1 << EVENT_BITS) - 1;

/** How much of each state there is in a stretch, in display seconds. */
export type Mix = Float64Array;

export class Changes {
  private clock = new Float64Array(BLOCK * 64);
  private phase = new Float64Array(BLOCK * 64);
  /** State << 28 | event index. */
  private code = new Int32Array(BLOCK * 64);
  private sums = new Float64Array(SUMS * 64);
  private blocks = 0;
  private readonly free: number[] = [];
  private readonly lists: Int32Array<ArrayBuffer>[] = [];
  private counts = new Int32Array(64);
  private states = 0;
  private readonly a = new Float64Array(STATES);
  private readonly b = new Float64Array(STATES);

  constructor(private readonly scale: Scale) {}

  get tracks(): number {
    return this.lists.length;
  }

  add(): number {
    this.counts = reserved(this.counts, this.lists.length + 1);
    this.lists.push(new Int32Array(2));
    return this.lists.length - 1;
  }

  count(track: number): number {
    return this.counts[track] as number;
  }

  /** Whether a state ever occurred on any track. */
  seen(state: State): boolean {
    return (this.states & (1 << state)) !== 0;
  }

  /** Appends a change. Positions on a track never go back. */
  push(track: number, state: State, clock: number, phase: number, event: EventIndex): void {
    const n = this.counts[track] as number;
    let list = this.lists[track] as Int32Array<ArrayBuffer>;
    const block = n >> SHIFT;
    if ((n & MASK) === 0) {
      if (block === list.length) {
        list = reserved(list, block + 1);
        this.lists[track] = list;
      }
      list[block] = this.free.pop() ?? this.grow();
    }
    const at = (list[block] as number) * BLOCK + (n & MASK);
    const last = n > 0 ? this.slot(track, n - 1) : -1;
    this.clock[at] = last < 0 ? clock : Math.max(clock, this.clock[last] as number);
    this.phase[at] = last < 0 ? phase : Math.max(phase, this.phase[last] as number);
    this.states |= 1 << state;
    this.code[at] = (state << EVENT_BITS) | event;
    this.counts[track] = n + 1;
    if ((n & MASK) === 0) this.sum(list, block, at);
  }

  /** Forgets the changes of a track from number `count` on. */
  truncate(track: number, count: number): void {
    const list = this.lists[track] as Int32Array;
    const keep = (count + MASK) >> SHIFT;
    for (let b = ((this.counts[track] as number) + MASK) >> SHIFT; b-- > keep; )
      this.free.push(list[b] as number);
    this.counts[track] = count;
  }

  x(track: number, i: number): X {
    const at = this.slot(track, i);
    return this.scale.x(this.clock[at] as number, this.phase[at] as number);
  }

  state(track: number, i: number): State {
    return ((this.code[this.slot(track, i)] as number) >>> EVENT_BITS) as State;
  }

  event(track: number, i: number): EventIndex {
    return (this.code[this.slot(track, i)] as number) & EVENT_MASK;
  }

  /** The last change at or before x, looking from change `from` on; `from - 1` where there is none. */
  find(track: number, x: X, from = 0): number {
    const n = this.counts[track] as number;
    let low = from;
    let step = 1;
    // Most searches end near where they begin: gallop, then halve.
    while (low + step < n && this.x(track, low + step) <= x) {
      low += step;
      step *= 2;
    }
    let high = Math.min(n, low + step);
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.x(track, mid) <= x) low = mid + 1;
      else high = mid;
    }
    return low - 1;
  }

  /** The first change whose event is `event` or later: events of a track never go back. */
  findEvent(track: number, event: EventIndex): number {
    let low = 0;
    let high = this.counts[track] as number;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.event(track, mid) < event) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  /** Adds to `out` what lies between x0, within segment i, and x1, within segment j ≥ i. */
  mix(track: number, i: number, x0: X, j: number, x1: X, out: Mix): void {
    if (j - i <= BLOCK) {
      let from = x0;
      for (let k = i; k <= j; k++) {
        const to = k < j ? this.x(track, k + 1) : x1;
        const state = this.state(track, k);
        if (state < STATES && to > from) out[state] = (out[state] as number) + to - from;
        from = Math.max(from, to);
      }
      return;
    }
    this.until(track, i, x0, this.a);
    this.until(track, j, x1, this.b);
    for (let s = 0; s < STATES; s++)
      out[s] = (out[s] as number) + (this.b[s] as number) - (this.a[s] as number);
  }

  /** How much of each state the track has seen until x, within segment i. */
  private until(track: number, i: number, x: X, out: Mix): void {
    const list = this.lists[track] as Int32Array;
    const block = list[i >> SHIFT] as number;
    const { beta } = this.scale;
    for (let s = 0; s < STATES; s++) {
      const at = block * SUMS + s * 2;
      out[s] = (this.sums[at] as number) + beta * (this.sums[at + 1] as number);
    }
    for (let k = i & ~MASK; k <= i; k++) {
      const state = this.state(track, k);
      if (state < STATES) {
        out[state] = (out[state] as number) + (k < i ? this.x(track, k + 1) : x) - this.x(track, k);
      }
    }
  }

  /** Sums of a new block: those of the one before it and what that one holds. */
  private sum(list: Int32Array, block: number, first: number): void {
    const to = (list[block] as number) * SUMS;
    if (block === 0) {
      this.sums.fill(0, to, to + SUMS);
      return;
    }
    const before = list[block - 1] as number;
    this.sums.copyWithin(to, before * SUMS, before * SUMS + SUMS);
    for (let k = 0; k < BLOCK; k++) {
      const at = before * BLOCK + k;
      const next = k + 1 < BLOCK ? at + 1 : first;
      const state = (this.code[at] as number) >>> EVENT_BITS;
      if (state >= STATES) continue;
      const sum = to + state * 2;
      this.sums[sum] = (this.sums[sum] as number) + (this.clock[next] as number) - (this.clock[at] as number);
      this.sums[sum + 1] =
        (this.sums[sum + 1] as number) + (this.phase[next] as number) - (this.phase[at] as number);
    }
  }

  private slot(track: number, i: number): number {
    return ((this.lists[track] as Int32Array)[i >> SHIFT] as number) * BLOCK + (i & MASK);
  }

  private grow(): number {
    const n = ++this.blocks;
    this.clock = reserved(this.clock, n * BLOCK);
    this.phase = reserved(this.phase, n * BLOCK);
    this.code = reserved(this.code, n * BLOCK);
    this.sums = reserved(this.sums, n * SUMS);
    return n - 1;
  }
}
