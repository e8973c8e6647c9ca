/**
 * Numbers over time: how many handles stand in the ready queue, how many items a queue holds.
 *
 *     jobs   0 ▁▁▂▂▃▃▃▂▂▁▁ 0      most: 3
 *
 * A raster tells for each pixel the least and the greatest number there, from the one it had when the pixel begins: the
 * line drawn from it is exact at every zoom.
 */
import type { Scale, X } from './scale';
import type { EventIndex, Id, Trace } from './trace';

export interface Raster {
  /** Per pixel; -1: nothing is there. */
  least: Int32Array;
  most: Int32Array;
  /** There is too much in view to be told. */
  tooMuch: boolean;
}

export interface Level {
  /** Of the queue; 0: the ready queue. */
  id: Id;
  /** The greatest number of the run so far. */
  readonly most: number;
  /** Pixel c covers [x0 + c × dx, x0 + (c + 1) × dx). */
  raster(x0: X, dx: X, width: number): Raster;
}

/** With more changes than this in a pixel, four pixels are computed as one. */
const DENSE = 2;
const TOGETHER = 4;
/** Runs whose peaks are kept as one number. */
const BLOCK = 8;
/** Runs whose answer is kept at hand, a power of 2: more than a picture shows one by one. */
const AT_HAND = 8192;
/** Of more runs none are kept: their queue is told only where few are in view, or every frame would be late. */
const MANY = 50_000;

function blank(width: number): Raster {
  return { least: new Int32Array(width).fill(-1), most: new Int32Array(width).fill(-1), tooMuch: false };
}

/** How many of the ascending numbers x(0), x(1)…, of which there are `count`, are less than `limit`; at least `from`. */
function below(x: (k: number) => X, count: number, limit: X, from: number): number {
  let low = from;
  let step = 1;
  while (low + step <= count && x(low + step - 1) < limit) {
    low += step;
    step *= 2;
  }
  let high = Math.min(count, low + step - 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (x(middle) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Fills pixels [c, to) of a raster. */
function put(raster: Raster, c: number, to: number, least: number, most: number): void {
  raster.least.fill(least, c, to);
  raster.most.fill(most, c, to);
}

/** The items of a queue. */
class Items implements Level {
  most = 0;
  private readonly rows: EventIndex[] = [];
  private readonly values: number[] = [];

  constructor(
    readonly id: Id,
    private readonly scale: Scale,
  ) {}

  get changes(): number {
    return this.rows.length;
  }

  add(row: EventIndex, value: number): void {
    this.rows.push(row);
    this.values.push(value);
    this.most = Math.max(this.most, value);
  }

  raster(x0: X, dx: X, width: number): Raster {
    const { rows, values, scale } = this;
    const raster = blank(width);
    const now = scale.now();
    const x = (k: number): X => scale.begin(rows[k] as EventIndex);
    let i = below(x, rows.length, x0, 0);
    const all = below(x, rows.length, x0 + dx * width, i) - i;
    const step = all > DENSE * width ? TOGETHER : 1;
    for (let c = 0; c < width && x0 + c * dx <= now; c += step) {
      const to = below(x, rows.length, x0 + (c + step) * dx, i);
      const before = i > 0 ? (values[i - 1] as number) : -1;
      let [least, most] = [before, before];
      for (; i < to; i++) {
        const value = values[i] as number;
        least = least < 0 ? value : Math.min(least, value);
        most = Math.max(most, value);
      }
      put(raster, c, c + step, least, most);
    }
    return raster;
  }
}

/**
 * The ready queue. Handles run in the order in which they became ready, so its length just before run k is the number of
 * handles that were ready by then, less k; it is greatest there and least just after.
 */
export class Ready implements Level {
  readonly id = 0;
  most = 0;
  /** Runs that were read, and the handles that were ready by the last of them. */
  private read = 0;
  private readied = 0;
  /** Per block of runs: the least and the greatest of their peaks. */
  private lows: number[] = [];
  /** The runs at hand, counted from 1, and for each what `readyBy` tells of it. */
  private readonly asked = new Int32Array(AT_HAND);
  private readonly answers = new Int32Array(AT_HAND);
  private highs: number[] = [];

  constructor(
    private readonly trace: Trace,
    private readonly scale: Scale,
  ) {}

  raster(x0: X, dx: X, width: number): Raster {
    const { scale } = this;
    const { runs } = scale;
    const raster = blank(width);
    const now = scale.now();
    const began = (k: number): X => scale.begin(runs.rowOf(k));
    const ready = (k: number): X => scale.ready(runs.rowOf(k));
    let b = below(began, runs.count, x0, 0);
    const all = below(began, runs.count, x0 + dx * width, b) - b;
    const dense = all > DENSE * width;
    if (all > width && runs.count > MANY) {
      raster.tooMuch = true;
      return raster;
    }
    this.readAhead();
    const step = dense ? TOGETHER : 1;
    let r = dense ? 0 : below(ready, runs.count, x0, b);
    let by = dense || b >= runs.count ? 0 : this.readyBy(b);
    for (let c = 0; c < width && x0 + c * dx <= now; c += step) {
      const end = x0 + (c + step) * dx;
      const to = below(began, runs.count, end, b);
      let least = Infinity;
      let most = -Infinity;
      // Before the run began there was no queue.
      if (end <= 0) continue;
      const see = (low: number, high: number): void => {
        least = Math.min(least, low);
        most = Math.max(most, high);
      };
      if (dense) {
        for (let block = Math.floor(b / BLOCK); block * BLOCK < Math.max(to, b + 1); block++)
          see((this.lows[block] ?? 1) - 1, this.highs[block] ?? 0);
      } else {
        see(r - b, r - b);
        for (let k = b; k < to; k++) {
          by = this.readyBy(k, by);
          see(by - k - 1, by - k);
          this.see(by - k);
        }
        r = below(ready, runs.count, end, r);
        see(r - to, r - to);
      }
      b = to;
      put(raster, c, c + step, Math.max(0, least), Math.max(0, most));
    }
    return raster;
  }

  /** How many handles were ready when run k began; at least `from`, which is true of an earlier run. */
  private readyBy(k: number, from = -1): number {
    const { trace } = this;
    const { runs } = this.scale;
    const slot = k & (AT_HAND - 1);
    if (this.asked[slot] === k + 1) return this.answers[slot] as number;
    const seq = (j: number): number => trace.readySeq.at(runs.rowOf(j));
    let by = Math.max(from < 0 ? below(seq, runs.count, runs.firstOf(k), k) : from, k + 1);
    while (by < runs.count && runs.wasReadyFor(runs.rowOf(by), k)) by++;
    // As long as the next one is not there it might be one more.
    if (by < runs.count) {
      this.asked[slot] = k + 1;
      this.answers[slot] = by;
    }
    return by;
  }

  /** Reads what is new, while it is not too much. */
  private readAhead(): void {
    const end = Math.min(this.scale.runs.count, MANY);
    while (this.read < end) {
      const k = this.read++;
      this.readied = this.readyBy(k, this.readied);
      this.see(this.readied - k);
      const block = Math.floor(k / BLOCK);
      const peak = this.readied - k;
      this.lows[block] = Math.min(this.lows[block] ?? peak, peak);
      this.highs[block] = Math.max(this.highs[block] ?? peak, peak);
    }
  }

  private see(peak: number): void {
    this.most = Math.max(this.most, peak);
  }
}

/** The numbers of a trace. */
export class Levels {
  readonly ready: Level;
  private readonly queues = new Map<Id, Items>();

  constructor(
    private readonly trace: Trace,
    private readonly scale: Scale,
  ) {
    this.ready = new Ready(trace, scale);
  }

  /** Takes notice of a row of STATE. */
  note(row: EventIndex): void {
    const { trace } = this;
    // How many items are unfinished is another number.
    if (trace.how.at(row)) return;
    const id = trace.subject.at(row);
    let items = this.queues.get(id);
    if (!items) {
      if (!trace.primitives.get(id)?.type.endsWith('Queue')) return;
      items = new Items(id, this.scale);
      this.queues.set(id, items);
    }
    items.add(row, trace.aux.at(row));
  }

  /** The ready queue, and so many queues: those that changed most often, in order of creation. */
  chosen(queues: number): Level[] {
    const all = [...this.queues.values()];
    const most = new Set([...all].sort((a, b) => b.changes - a.changes).slice(0, queues));
    return [this.ready, ...all.filter((items) => most.has(items))];
  }

  get count(): number {
    return 1 + this.queues.size;
  }
}
