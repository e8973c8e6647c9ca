import { COLUMN, HEADER_BYTES, MAGIC, PACKED, ROW_BYTES, TRACE_FILE, VERSION } from './generated';
import { chunksIn, type PackedRows } from './packed';

/** What rows refer to by id; see META in protocol.py. */
export interface Meta {
  now?: [t: number, state: 0 | 1 | 2, subject: number, begin: number];
  lost?: number;
  problem?: string;
  cut?: [lines: number, characters: number];
  strings?: [id: number, text: string][];
  codes?: [id: number, name: string, file: string, firstLine: number, own: 0 | 1][];
  sites?: [id: number, code: number, line: number, endLine: number, column: number, endColumn: number][];
  objects?: [id: number, type: string, name: string, site: number, bound?: number][];
  findings?: Finding[];
  path?: [begin: number, end: number, task: number, event: number, text: string][];
  locals?: Locals[];
  chains?: [id: number, sites: number[], kind: string, label: string][];
}

/** Variables of a task's frames, outermost first, when the step at `event` ended, as texts. */
export type Locals = [event: number, task: number, frames: LocalsFrame[]];
export type LocalsFrame = [name: string, line: number, variables: [name: string, value: string][]];

/** See analysis/findings in the Python package. */
export interface Finding {
  /** Stable: 'deadlock', 'blocked', … */
  kind: string;
  title: string;
  /** What was seen. */
  text: string;
  why: string;
  advice: string;
  /** Lines of the program, from 1. */
  lines: number[];
  /** Event indexes; the first is where to look. */
  events: number[];
}

/** One decoded frame: its meta and typed views over its rows (no copy), which files may have packed. */
export interface Frame {
  meta: Meta;
  count: number;
  rows: RowReader | PackedRows;
}

type ColumnName = keyof typeof COLUMN;

/** Reads single cells of a frame's rows; who reads them all takes the arrays, see COLUMN. */
export class RowReader {
  readonly f64: Float64Array;
  readonly f32: Float32Array;
  readonly i32: Int32Array;

  constructor(buffer: ArrayBuffer, offset: number, count: number) {
    this.f64 = new Float64Array(buffer, offset, (count * ROW_BYTES) / 8);
    this.f32 = new Float32Array(buffer, offset, (count * ROW_BYTES) / 4);
    this.i32 = new Int32Array(buffer, offset, (count * ROW_BYTES) / 4);
  }

  get(row: number, column: ColumnName): number {
    const { array, at } = COLUMN[column];
    if (array === 'f64') return this.f64[row * (ROW_BYTES / 8) + at] as number;
    return (array === 'f32' ? this.f32 : this.i32)[row * (ROW_BYTES / 4) + at] as number;
  }
}

/** A trace that can't be read; the message says why, in words for the page. */
export class TraceFormatError extends Error {
  override name = 'TraceFormatError';
}

/** The frames in a buffer: one batch from the worker. */
export function decodeFrames(buffer: ArrayBuffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < buffer.byteLength; ) {
    const bytes = frameBytes(new Uint8Array(buffer, at));
    if (bytes === undefined || at + bytes > buffer.byteLength) throw unfinished();
    frames.push(decodeFrame(buffer, at, bytes));
    at += bytes;
  }
  return frames;
}

/** How long a frame is that begins like this; undefined: that is too little to tell. Throws TraceFormatError for what is none. */
export function frameBytes(begin: Uint8Array): number | undefined {
  if (begin.length < HEADER_BYTES) return undefined;
  const view = new DataView(begin.buffer, begin.byteOffset);
  if (view.getUint32(0, true) !== MAGIC) throw new TraceFormatError('This is not a Loopscope trace.');
  const version = view.getUint32(12, true);
  if (version > PACKED.VERSION) {
    throw new TraceFormatError(
      `The trace has version ${version}; this page reads up to ${PACKED.VERSION}. Reload the page.`,
    );
  }
  const meta = Math.ceil(view.getUint32(4, true) / 8) * 8;
  if (version <= VERSION) return HEADER_BYTES + meta + view.getUint32(8, true) * ROW_BYTES;
  if (begin.length < PACKED.HEADER_BYTES) return undefined;
  return PACKED.HEADER_BYTES + meta + view.getUint32(16, true);
}

/** The frame in so many bytes from an offset on, a multiple of 8. */
export function decodeFrame(buffer: ArrayBuffer, at: number, bytes: number): Frame {
  const view = new DataView(buffer, at);
  const metaBytes = view.getUint32(4, true);
  const count = view.getUint32(8, true);
  const packed = view.getUint32(12, true) === PACKED.VERSION;
  const start = at + (packed ? PACKED.HEADER_BYTES : HEADER_BYTES);
  const body = start + Math.ceil(metaBytes / 8) * 8;
  if (body > at + bytes) throw unfinished();
  // A chunk may take next to nothing: what claims a billion rows is not even taken apart.
  if (packed && count > TRACE_FILE.MAX_EVENTS) throw new TraceFormatError('The trace has a damaged frame.');
  const rows = packed ? chunksIn(buffer, body, at + bytes, count) : new RowReader(buffer, body, count);
  if (!rows) throw new TraceFormatError('The trace has a damaged frame.');
  return { meta: readMeta(buffer, start, metaBytes), count, rows };
}

export function unfinished(): TraceFormatError {
  return new TraceFormatError('The trace ends in the middle of a frame.');
}

function readMeta(buffer: ArrayBuffer, start: number, bytes: number): Meta {
  try {
    const meta: unknown = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, start, bytes)));
    if (typeof meta === 'object' && meta !== null && !Array.isArray(meta)) return meta as Meta;
  } catch {
    // told below
  }
  throw new TraceFormatError('The trace has a damaged frame.');
}
