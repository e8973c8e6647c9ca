/**
 * Rows column by column, a chunk of them at a time: how files have them, and how the page keeps them. protocol.py declares
 * the layout; a chunk is a view from its head on.
 */
import { PACKED } from './generated';

/** Rows of a chunk. */
export const CHUNK = PACKED.ROWS;
const { HALF, HEAD_BYTES, MICRO, SPARSE } = PACKED;
const THOUSAND = 1000;
const COLUMNS = Object.keys(PACKED.COLUMN).length;
const WIDTHS = COLUMNS * 8;

/** The rows of a frame, as whole chunks. */
export class PackedRows {
  constructor(readonly chunks: readonly DataView[]) {}
}

/** The chunks in a stretch of a buffer, which hold so many rows; undefined: they are none. */
export function chunksIn(
  buffer: ArrayBuffer,
  from: number,
  to: number,
  count: number,
): PackedRows | undefined {
  if (count % CHUNK !== 0) return undefined;
  const chunks: DataView[] = [];
  let at = from;
  for (let left = count; left > 0; left -= CHUNK) {
    if (to - at < HEAD_BYTES) return undefined;
    let bytes = HEAD_BYTES;
    const head = new DataView(buffer, at, HEAD_BYTES);
    for (let c = 0; c < COLUMNS; c++) bytes += cellBytes(widthOf(head, c));
    // What is no width has no length either.
    if (!(at + bytes <= to)) return undefined;
    chunks.push(new DataView(buffer, at, bytes));
    at += bytes;
  }
  return at === to ? new PackedRows(chunks) : undefined;
}

/** The least value of a column. */
export function baseOf(chunk: DataView, column: number): number {
  return chunk.getFloat64(column * 8, true);
}

/** How wide its cells are, see protocol.py. */
export function widthOf(chunk: DataView, column: number): number {
  return chunk.getUint8(WIDTHS + column);
}

/** Bytes of a column of such cells; NaN: there are none such. */
export function cellBytes(width: number): number {
  if (width === HALF) return CHUNK / 2;
  if (width <= SPARSE || width === 8) return width * CHUNK;
  if (width < MICRO) return (width - SPARSE) * CHUNK;
  return width <= MICRO + 4 ? (width - MICRO) * CHUNK : Number.NaN;
}

/** What all cells of such a width lie between: those with a least value. */
export function spanOf(width: number, base: number): [least: number, most: number] {
  if (width === HALF) return [base, base + 15];
  const bytes = cellBytes(width) / CHUNK;
  const most = 2 ** (bytes * 8) - 1;
  if (width > MICRO) return [base, base + most * THOUSAND];
  return [width > SPARSE ? Math.min(0, base + 1) : base, Math.max(base + most, 0)];
}

/** Cell k of a column whose cells begin at `at`. */
export function cellAt(chunk: DataView, at: number, width: number, base: number, k: number): number {
  switch (width) {
    case 0:
      return base;
    case 1:
      return base + chunk.getUint8(at + k);
    case 2:
      return base + chunk.getUint16(at + k * 2, true);
    case 3:
      return base + chunk.getUint16(at + k * 3, true) + (chunk.getUint8(at + k * 3 + 2) << 16);
    case 4:
      return base + chunk.getUint32(at + k * 4, true);
    case HALF:
      return base + ((chunk.getUint8(at + (k >>> 1)) >>> ((k & 1) << 2)) & 15);
    case 8:
      return chunk.getFloat64(at + k * 8, true);
  }
  if (width > MICRO) return base + THOUSAND * cellAt(chunk, at, width - MICRO, 0, k);
  const cell = cellAt(chunk, at, width - SPARSE, 0, k);
  return cell === 0 ? 0 : base + cell;
}

/** A chunk's room, its head written: least values and widths of all columns. */
export function newChunk(bases: ArrayLike<number>, widths: ArrayLike<number>): DataView {
  let bytes: number = HEAD_BYTES;
  for (let c = 0; c < COLUMNS; c++) bytes += cellBytes(widths[c] as number);
  const chunk = new DataView(new ArrayBuffer(bytes));
  for (let c = 0; c < COLUMNS; c++) {
    chunk.setFloat64(c * 8, bases[c] as number, true);
    chunk.setUint8(WIDTHS + c, widths[c] as number);
  }
  return chunk;
}

/**
 * Reads cells [first, first + count) of a column whose cells begin at `at`. A loop for each width: one for all would read
 * arrays of many types, which is several times as slow.
 */
export function readCells(
  chunk: DataView,
  at: number,
  width: number,
  base: number,
  first: number,
  count: number,
  out: Int32Array | Float64Array,
): void {
  const { buffer } = chunk;
  const from = chunk.byteOffset + at;
  switch (width) {
    case 0:
      out.fill(base, 0, count);
      return;
    case HALF:
      return halves(new Uint8Array(buffer, from, CHUNK / 2), base, first, count, out);
    case 1:
      return bytes(new Uint8Array(buffer, from + first, count), base, out);
    case 2:
      return shorts(new Uint16Array(buffer, from + first * 2, count), base, out);
    case 3:
      return threes(new Uint8Array(buffer, from + first * 3, count * 3), base, out);
    case 4:
      return words(new Uint32Array(buffer, from + first * 4, count), base, out);
    case 8:
      out.set(new Float64Array(buffer, from + first * 8, count));
      return;
  }
  const micro = width > MICRO;
  readCells(chunk, at, width - (micro ? MICRO : SPARSE), 0, first, count, out);
  if (micro) for (let k = 0; k < count; k++) out[k] = base + THOUSAND * (out[k] as number);
  else for (let k = 0; k < count; k++) if (out[k] !== 0) out[k] = base + (out[k] as number);
}

type Out = Int32Array | Float64Array;

/** Two from each byte; the first cell may be a byte's second, the last one a byte's first. */
function halves(cells: Uint8Array, base: number, first: number, count: number, out: Out): void {
  let k = 0;
  let b = first >>> 1;
  if (first & 1 && count > 0) out[k++] = base + ((cells[b++] as number) >>> 4);
  for (; k + 1 < count; b++, k += 2) {
    const byte = cells[b] as number;
    out[k] = base + (byte & 15);
    out[k + 1] = base + (byte >>> 4);
  }
  if (k < count) out[k] = base + ((cells[b] as number) & 15);
}

function bytes(cells: Uint8Array, base: number, out: Out): void {
  for (let k = 0; k < cells.length; k++) out[k] = base + (cells[k] as number);
}

function shorts(cells: Uint16Array, base: number, out: Out): void {
  for (let k = 0; k < cells.length; k++) out[k] = base + (cells[k] as number);
}

function threes(cells: Uint8Array, base: number, out: Out): void {
  for (let k = 0, b = 0; b < cells.length; k++, b += 3)
    out[k] =
      base + ((cells[b] as number) | ((cells[b + 1] as number) << 8) | ((cells[b + 2] as number) << 16));
}

function words(cells: Uint32Array, base: number, out: Out): void {
  for (let k = 0; k < cells.length; k++) out[k] = base + (cells[k] as number);
}
