/** A set of rows, one bit each, that grows upwards and can be counted: 0.25 bytes a row. */
const AHEAD = 4;

export class Bits {
  /** Rows in the set. */
  count = 0;
  private words = new Int32Array(64);
  /** Rows in the set before each word. */
  private before = new Int32Array(64);
  /** The last word that has a row. */
  private last = 0;

  /** Adds a row that is greater than all of the set. */
  add(row: number): void {
    const w = row >>> 5;
    if (w >= this.words.length) {
      this.words = longer(this.words, w + 1);
      this.before = longer(this.before, w + 1);
    }
    while (this.last < w) this.before[++this.last] = this.count;
    this.words[w] = (this.words[w] as number) | (1 << (row & 31));
    this.count++;
  }

  /** Adds rows of word w, one bit each, which are greater than all of the set. */
  merge(w: number, bits: number): void {
    if (bits === 0) return;
    if (w >= this.words.length) {
      this.words = longer(this.words, w + 1);
      this.before = longer(this.before, w + 1);
    }
    const { before, count } = this;
    while (this.last < w) before[++this.last] = count;
    this.words[w] = (this.words[w] as number) | bits;
    this.count = count + ones(bits);
  }

  has(row: number): boolean {
    return row >= 0 && (((this.words[row >>> 5] ?? 0) >>> (row & 31)) & 1) === 1;
  }

  /** Rows of the set below `row`. */
  rank(row: number): number {
    if (row <= 0) return 0;
    const w = row >>> 5;
    if (w > this.last) return this.count;
    return (this.before[w] as number) + ones((this.words[w] as number) & ((1 << (row & 31)) - 1));
  }

  /** Row number `k` of the set, counted from 0; -1: it has none. */
  select(k: number): number {
    if (!(k >= 0 && k < this.count)) return -1;
    let low = 0;
    let high = this.last;
    while (low < high) {
      const mid = (low + high + 1) >>> 1;
      if ((this.before[mid] as number) <= k) low = mid;
      else high = mid - 1;
    }
    let word = this.words[low] as number;
    for (let left = k - (this.before[low] as number); left > 0; left--) word &= word - 1;
    return (low << 5) | lowest(word);
  }

  /** The first row of the set that is `row` or greater; -1: there is none. */
  next(row: number): number {
    let w = Math.max(0, row) >>> 5;
    let word = (this.words[w] ?? 0) & (row <= 0 ? -1 : -1 << (row & 31));
    for (const stop = w + AHEAD; ; ) {
      if (word) return (w << 5) | lowest(word);
      if (++w > this.last) return -1;
      if (w > stop) return this.select(this.rank(w << 5));
      word = this.words[w] as number;
    }
  }

  /** The last row of the set that is `row` or smaller; -1: there is none. */
  previous(row: number): number {
    if (row < 0) return -1;
    let w = row >>> 5;
    if (w > this.last) return this.select(this.count - 1);
    let word = (this.words[w] as number) & ((2 << (row & 31)) - 1);
    for (const stop = w - AHEAD; ; ) {
      if (word) return (w << 5) | (31 - Math.clz32(word));
      if (--w < 0) return -1;
      if (w < stop) return this.select(this.rank((w + 1) << 5) - 1);
      word = this.words[w] as number;
    }
  }
}

function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function lowest(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function longer(array: Int32Array<ArrayBuffer>, wanted: number): Int32Array<ArrayBuffer> {
  const next = new Int32Array(Math.max(wanted, array.length * 2));
  next.set(array);
  return next;
}
