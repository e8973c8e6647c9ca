/**
 * Columns of numbers, append-only and small: about a third of what the wire takes.
 *
 *     rows     0 ……… 4095 │ 4096 ……… 8191 │ 8192 …
 *              packed      │ packed         │ being written, as numbers of 8 bytes
 *
 * A packed chunk keeps of each column its least value, and of each row what it has more than that, in as few bytes as the
 * chunk's greatest needs. It is laid out as in files (protocol.py), so that those of a file are kept as they are. Times are whole nanoseconds: nothing finer can be seen, and whole numbers pack without loss.
 */
import { PACKED } from '../protocol/generated';
import { baseOf, CHUNK, cellAt, cellBytes, newChunk, readCells, widthOf } from '../protocol/packed';

export { CHUNK };

const MASK = CHUNK - 1;
const SHIFT = Math.log2(CHUNK);
const FIRST = 256;
const { HALF, HEAD_BYTES, MICRO, SPARSE } = PACKED;
const THOUSAND = 1000;
/** Columns of a row; the first ones are times, which take more than 32 bits, the others whole numbers that don't. */
const WIDTH = Object.keys(PACKED.COLUMN).length;
const DOUBLES = PACKED.TIMES;
export const NANO = 1e9;

/** Seconds as whole nanoseconds; 0 for what is no number. */
export function nanoseconds(seconds: number): number {
  const ns = Math.round(seconds * NANO);
  return Number.isFinite(ns) ? ns : 0;
}

/** Seconds, rounded to whole nanoseconds, as the columns keep them. */
export function rounded(seconds: number): number {
  return nanoseconds(seconds) / NANO;
}

/** A column as its readers see it. What lies outside of its rows is 0. */
export interface Column {
  at(row: number): number;
}

/** What is being written of a column. */
type Tail = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

export class Columns {
  /** Rows. */
  count = 0;
  private packed = 0;
  private size = FIRST;
  private tails: Tail[];
  private readonly chunks: DataView[] = [];
  /** Per chunk and column: the least value, and where the rest lies: offset << 4 | bytes. */
  private base = new Float64Array(64);
  private place = new Int32Array(64);

  constructor() {
    this.tails = Array.from({ length: WIDTH }, (_, c) => tailOf(c, FIRST));
  }

  /** Makes room for rows; how many of `wanted` there is room for now, at least one. */
  room(wanted: number): number {
    if (this.count - this.packed === CHUNK) this.pack();
    while (this.size < CHUNK && this.size - (this.count - this.packed) < wanted) this.grow();
    return Math.min(wanted, this.size - (this.count - this.packed));
  }

  /** Where the next rows of a column are written: whole numbers, from `next` on; what is not written is 0. */
  tail(column: number): Float64Array {
    return this.tails[column] as Float64Array;
  }

  /** The same of a column of 32 bits. */
  ints(column: number): Int32Array {
    return this.tails[column] as Int32Array;
  }

  get next(): number {
    return this.count - this.packed;
  }

  /** So many rows have been written. */
  add(rows: number): void {
    this.count += rows;
  }

  /** A cell; 0 outside of the rows. */
  get(column: number, row: number): number {
    if (row >= this.packed) {
      return row < this.count ? ((this.tails[column] as Tail)[row - this.packed] as number) : 0;
    }
    if (!(row >= 0)) return 0;
    const chunk = row >>> SHIFT;
    const slot = chunk * WIDTH + column;
    const place = this.place[slot] as number;
    const base = this.base[slot] as number;
    const at = place >>> 4;
    const k = row & MASK;
    const view = this.chunks[chunk] as DataView;
    return cellAt(view, at, place & 15, base, k);
  }

  /** Copies cells [from, from + count) of a column, which all lie in one chunk of rows. */
  copy(column: number, from: number, count: number, out: Int32Array | Float64Array): void {
    if (from >= this.packed) {
      const at = from - this.packed;
      out.set((this.tails[column] as Tail).subarray(at, at + count));
      return;
    }
    const chunk = from >>> SHIFT;
    const slot = chunk * WIDTH + column;
    const place = this.place[slot] as number;
    const base = this.base[slot] as number;
    readCells(this.chunks[chunk] as DataView, place >>> 4, place & 15, base, from & MASK, count, out);
  }

  /** Keeps a chunk as it is, after whole chunks of rows. */
  adopt(chunk: DataView): void {
    if (this.count - this.packed === CHUNK) this.pack();
    if (this.count !== this.packed) throw new RangeError('A chunk in the midst of another one.');
    this.keep(chunk);
    this.count += CHUNK;
  }

  /** The whole chunks of rows, packed; how many rows are in them. */
  packedChunks(): readonly DataView[] {
    if (this.count - this.packed === CHUNK) this.pack();
    return this.chunks;
  }

  /** Cells of a row: that of columns[k] comes into out[k]. Quicker than one by one. */
  cells(row: number, columns: readonly number[], out: Float64Array): void {
    if (row >= this.packed) {
      for (let k = 0; k < columns.length; k++) out[k] = this.get(columns[k] as number, row);
      return;
    }
    const chunk = row >>> SHIFT;
    const first = chunk * WIDTH;
    const r = row & MASK;
    const { place: places, base: bases } = this;
    const view = this.chunks[chunk] as DataView;
    for (let k = 0; k < columns.length; k++) {
      const slot = first + (columns[k] as number);
      const place = places[slot] as number;
      out[k] = cellAt(view, place >>> 4, place & 15, bases[slot] as number, r);
    }
  }

  /** Bytes held, for those who count. */
  get bytes(): number {
    const chunks = this.chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    const tails = this.tails.reduce((sum, tail) => sum + tail.byteLength, 0);
    return chunks + this.base.byteLength + this.place.byteLength + tails;
  }

  private grow(): void {
    this.size *= 2;
    this.tails = this.tails.map((tail, c) => {
      const next = tailOf(c, this.size);
      next.set(tail);
      return next;
    });
  }

  /** Packs the rows being written, a whole chunk. */
  private pack(): void {
    const bases: number[] = [];
    const widths: number[] = [];
    this.tails.forEach((tail, c) => {
      const [base, width] = formOf(tail, c < DOUBLES);
      bases.push(base);
      widths.push(width);
    });
    const chunk = newChunk(bases, widths);
    let at: number = HEAD_BYTES;
    this.tails.forEach((tail, c) => {
      const base = bases[c] as number;
      const wide = widths[c] as number;
      write(chunk.buffer as ArrayBuffer, at, wide, tail, base);
      at += cellBytes(wide);
      if (wide !== 0 || base !== 0) tail.fill(0);
    });
    this.keep(chunk);
  }

  private keep(chunk: DataView): void {
    const first = this.chunks.length * WIDTH;
    const wanted = first + WIDTH;
    if (wanted > this.base.length) {
      const base = new Float64Array(wanted * 2);
      base.set(this.base);
      this.base = base;
      const place = new Int32Array(wanted * 2);
      place.set(this.place);
      this.place = place;
    }
    let at: number = HEAD_BYTES;
    for (let c = 0; c < WIDTH; c++) {
      const wide = widthOf(chunk, c);
      this.base[first + c] = baseOf(chunk, c);
      this.place[first + c] = (at << 4) | wide;
      at += cellBytes(wide);
    }
    this.chunks.push(chunk);
    this.packed += CHUNK;
  }
}

function tailOf(column: number, size: number): Tail {
  return column < DOUBLES ? new Float64Array(size) : new Int32Array(size);
}

/** The shortest form of a chunk's column: least value and width. Times may be in thousands, other numbers be mostly 0. */
function formOf(tail: Tail, times: boolean): [base: number, width: number] {
  let least = Infinity;
  let most = -Infinity;
  for (let k = 0; k < CHUNK; k++) {
    const value = tail[k] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const width = bytesFor(least, most - least);
  if (width === 0 || width === HALF || width === 1) return [least, width];
  if (times) {
    const short = bytesFor(least, (most - least) / THOUSAND);
    const bytes = short === HALF ? 1 : short;
    return bytes < width && inThousands(tail, least) ? [least, MICRO + bytes] : [least, width];
  }
  if (least !== 0) return [least, width];
  for (let k = 0, next = Infinity; ; k++) {
    const value = k < CHUNK ? (tail[k] as number) : 0;
    if (k === CHUNK) {
      // One less than the least that is not 0.
      const bytes = Math.ceil(Math.log2(most - next + 2) / 8);
      return bytes < width ? [next - 1, SPARSE + bytes] : [least, width];
    }
    if (value !== 0 && value < next) next = value;
  }
}

function inThousands(tail: Tail, base: number): boolean {
  for (let k = 0; k < CHUNK; k++) {
    const over = (tail[k] as number) - base;
    if (Math.round(over / THOUSAND) * THOUSAND !== over) return false;
  }
  return true;
}

/** Bytes that hold every whole number up to `range`; HALF: half of one does. */
function bytesFor(least: number, range: number): number {
  if (!Number.isSafeInteger(least) || !(range < 2 ** 32)) return 8;
  if (range === 0) return 0;
  if (range < 16) return HALF;
  return range < 2 ** 8 ? 1 : range < 2 ** 16 ? 2 : range < 2 ** 24 ? 3 : 4;
}

function write(chunk: ArrayBuffer, at: number, wide: number, tail: Tail, base: number): void {
  if (wide === 0) return;
  if (wide === 8) return new Float64Array(chunk, at, CHUNK).set(tail.subarray(0, CHUNK));
  if (wide === HALF) {
    const bytes = new Uint8Array(chunk, at, CHUNK / 2);
    for (let k = 0, b = 0; k < CHUNK; k += 2, b++)
      bytes[b] = ((tail[k] as number) - base) | (((tail[k + 1] as number) - base) << 4);
    return;
  }
  if (wide > MICRO) {
    for (let k = 0; k < CHUNK; k++) over[k] = Math.round(((tail[k] as number) - base) / THOUSAND);
    return writeBytes(chunk, at, wide - MICRO);
  }
  if (wide > SPARSE) {
    for (let k = 0; k < CHUNK; k++) over[k] = tail[k] === 0 ? 0 : (tail[k] as number) - base;
    return writeBytes(chunk, at, wide - SPARSE);
  }
  for (let k = 0; k < CHUNK; k++) over[k] = (tail[k] as number) - base;
  writeBytes(chunk, at, wide);
}

/** What the cells are that are being written. */
const over = new Uint32Array(CHUNK);

function writeBytes(chunk: ArrayBuffer, at: number, wide: number): void {
  if (wide === 4) return new Uint32Array(chunk, at, CHUNK).set(over);
  if (wide === 2) return new Uint16Array(chunk, at, CHUNK).set(over);
  const bytes = new Uint8Array(chunk, at, CHUNK * wide);
  if (wide === 1) return bytes.set(over);
  for (let k = 0, b = 0; k < CHUNK; k++, b += 3) {
    const value = over[k] as number;
    bytes[b] = value;
    bytes[b + 1] = value >>> 8;
    bytes[b + 2] = value >>> 16;
  }
}

/** Cells of a column for who goes through it from its begin to its end: a chunk is read at one go. */
export class Scan {
  /** Cells of the rows [first, stop). */
  readonly cells = new Float64Array(CHUNK);
  first = 0;
  stop = 0;

  constructor(
    private readonly columns: Columns,
    private readonly column: number,
  ) {}

  /** Reads the cells of a row, which there is, and of those around it. */
  around(row: number): void {
    if (row >= this.first && row < this.stop) return;
    this.first = row & ~MASK;
    const count = Math.min(CHUNK, this.columns.count - this.first);
    this.stop = this.first + count;
    this.columns.copy(this.column, this.first, count, this.cells);
  }
}

/** Whole numbers as they are. */
export class Whole implements Column {
  constructor(
    private readonly columns: Columns,
    private readonly column: number,
  ) {}

  at(row: number): number {
    return this.columns.get(this.column, row);
  }
}

/** Seconds: those of a column, or of two, one counted from the other. */
export class Times implements Column {
  constructor(
    private readonly columns: Columns,
    private readonly column: number,
    /** Column to add, and how often; none: −1. */
    private readonly more = -1,
    private readonly sign = 1,
  ) {}

  at(row: number): number {
    const ns = this.columns.get(this.column, row);
    return (this.more < 0 ? ns : ns + this.sign * this.columns.get(this.more, row)) / NANO;
  }
}

/** Event indexes, kept as how many rows before their own they are. */
export class Earlier implements Column {
  constructor(
    private readonly columns: Columns,
    private readonly column: number,
  ) {}

  at(row: number): number {
    // As 32 bits: what no run has, a stranger's trace may have, and it comes back as it was.
    return (row - this.columns.get(this.column, row)) | 0;
  }
}
