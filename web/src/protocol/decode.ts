import { COLUMN, HEADER_BYTES, MAGIC, ROW_BYTES, VERSION } from './generated';

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

/** One decoded frame: its meta and typed views over its rows (no copy). */
export interface Frame {
  meta: Meta;
  count: number;
  rows: RowReader;
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

/** The frames in a buffer, from offset `from` on: one batch from the worker, or those of a trace file. */
export function decodeFrames(buffer: ArrayBuffer, from = 0): Frame[] {
  const frames: Frame[] = [];
  const view = new DataView(buffer);
  for (let at = from; at < buffer.byteLength; ) {
    if (buffer.byteLength - at < HEADER_BYTES)
      throw new TraceFormatError('The trace ends in the middle of a frame.');
    if (view.getUint32(at, true) !== MAGIC) throw new TraceFormatError('This is not a Loopscope trace.');
    const metaBytes = view.getUint32(at + 4, true);
    const count = view.getUint32(at + 8, true);
    const version = view.getUint32(at + 12, true);
    if (version > VERSION) {
      throw new TraceFormatError(
        `The trace has version ${version}; this page reads up to ${VERSION}. Reload the page.`,
      );
    }
    const start = at + HEADER_BYTES;
    const body = start + Math.ceil(metaBytes / 8) * 8;
    const stop = body + count * ROW_BYTES;
    if (stop > buffer.byteLength) throw new TraceFormatError('The trace ends in the middle of a frame.');
    frames.push({
      meta: readMeta(buffer, start, metaBytes),
      count,
      rows: new RowReader(buffer, body, count),
    });
    at = stop;
  }
  return frames;
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
