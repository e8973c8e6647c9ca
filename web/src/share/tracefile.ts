/**
 * Trace files: a recorded run with its program, from the page or from native CPython. py/loopscope/tracefile.py declares
 * the layout. What comes from elsewhere is checked from end to end before anything of it is used.
 */
import { FrameChecker } from '../protocol/check';
import { type Frame, TraceFormatError } from '../protocol/decode';
import { TRACE_FILE } from '../protocol/generated';
import type { RunEnd, RunInfo, RunProblem } from '../protocol/run-info';
import { FrameStream } from '../protocol/stream';
import type { Trace } from '../trace/trace';
import { deflate, inflated, type Pieces, piecesOf } from './deflate';
import { framesOf } from './frames';
import { isStored, stored, TOLD_BY, unstored } from './stored';

const { HEAD_BYTES, MAX_BYTES } = TRACE_FILE;
/** Frames beyond so many bytes are stored: inflating them would take a good part of the time in which they are opened. */
export const LONG = 4 << 20;

export interface TraceFile {
  info: RunInfo;
  /**
   * The frames, each as soon as it was read. Throws TraceFormatError where the file is no whole one, even after the last
   * frame: until then nothing of them may be used.
   */
  frames: AsyncIterable<Frame>;
}

/** The file's bytes. */
export async function packTrace(info: RunInfo, trace: Trace): Promise<Blob> {
  const { program, ...rest } = info;
  const text = new TextEncoder().encode(JSON.stringify({ program, ...rest, loopscope: '0.1.0' }));
  const header = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(32);
  header.set(text);
  const frames = framesOf(trace);
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  head.set(TRACE_FILE.MAGIC);
  view.setUint32(8, frames.packed ? TRACE_FILE.VERSION : TRACE_FILE.PLAIN, true);
  view.setUint32(12, text.length, true);
  view.setBigUint64(16, BigInt(header.length + frames.size), true);
  const pieces = (function* () {
    yield header;
    yield* frames.pieces();
  })();
  const contents = frames.size > LONG ? stored(pieces) : await deflate(pieces);
  return new Blob([head, contents], { type: 'application/octet-stream' });
}

/**
 * The run in a file. Throws TraceFormatError, whose message is for the page, for what is none; what else it throws is the
 * browser's, who could not read it.
 */
export async function unpackTrace(file: Blob): Promise<TraceFile> {
  // What can't be deflated grows by 5 bytes in 16 kB.
  if (file.size > HEAD_BYTES + MAX_BYTES * 1.001) throw tooLarge();
  const source = new Source(piecesOf(file));
  const head = await source.read(HEAD_BYTES);
  if (!head || TRACE_FILE.MAGIC.some((byte, k) => head[k] !== byte))
    throw new TraceFormatError('This is not a Loopscope trace file.');
  const view = new DataView(head.buffer);
  const version = view.getUint32(8, true);
  if (version > TRACE_FILE.VERSION)
    throw new TraceFormatError(
      'This trace file was made by a newer Loopscope. Reload the page and open it again.',
    );
  if (version < 1) throw damaged();
  const size = Number(view.getBigUint64(16, true));
  if (size > MAX_BYTES) throw tooLarge();
  // Deflate packs at most 1032 bytes into one.
  if (size > file.size * 1032) throw damaged();
  const length = view.getUint32(12, true);
  const start = Math.ceil(length / 8) * 8;
  if (start > size) throw damaged();
  const begin = await source.read(TOLD_BY);
  if (!begin) throw damaged();
  source.back(begin);
  const contents = new Source(allOf(isStored(begin) ? unstored(source) : inflated(source, size), size));
  const header = await contents.read(start);
  if (!header) throw damaged();
  let info: RunInfo;
  try {
    info = readHeader(header.subarray(0, length));
  } catch (problem) {
    return await tellAtEnd(contents, problem);
  }
  return { info, frames: framesIn(contents, size) };
}

/** Of contents that make no sense: what came damaged says so, wherever it was noticed. */
async function tellAtEnd(contents: Source, problem: unknown): Promise<never> {
  for await (const _ of contents);
  throw problem;
}

/** What a file holds, `size` bytes. Throws TraceFormatError where it is of another length, or its checksum is another. */
async function* allOf(pieces: Pieces, size: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let come = 0;
  try {
    for await (const piece of pieces) {
      come += piece.length;
      yield piece;
    }
  } catch (problem) {
    // Of what is on a disk, the disk may be the trouble.
    throw problem instanceof DOMException ? problem : damaged();
  }
  if (come !== size) throw damaged();
}

/** Frames to the end of the contents, checked. */
async function* framesIn(contents: Source, size: number): AsyncGenerator<Frame> {
  const stream = new FrameStream(size);
  const checker = new FrameChecker();
  try {
    for await (const piece of contents) {
      for (const frame of stream.take(piece)) {
        checker.check(frame);
        yield frame;
      }
    }
    stream.end();
  } catch (problem) {
    await tellAtEnd(contents, problem);
  }
}

/** Pieces, of which the first bytes can be read apart. */
class Source implements Pieces {
  private left: Uint8Array<ArrayBuffer> | undefined;
  private returned: Uint8Array<ArrayBuffer> | undefined;

  constructor(private readonly pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>) {}

  /** So many bytes; undefined: there are fewer. */
  async read(count: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const out = new Uint8Array(count);
    for (let filled = 0; filled < count; ) {
      const piece = this.left ?? (await this.pieces.next()).value;
      if (!piece) return undefined;
      const more = piece.subarray(0, count - filled);
      out.set(more, filled);
      filled += more.length;
      this.left = more.length < piece.length ? piece.subarray(more.length) : undefined;
    }
    return out;
  }

  /** These were not meant to be taken away. */
  back(bytes: Uint8Array<ArrayBuffer>): void {
    this.returned = bytes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { returned, left } = this;
    this.returned = undefined;
    this.left = undefined;
    if (returned) yield returned;
    if (left) yield left;
    for (let part = await this.pieces.next(); !part.done; part = await this.pieces.next()) yield part.value;
  }
}

function damaged(): TraceFormatError {
  return new TraceFormatError(
    'This trace file is damaged: part of it is missing or was changed on its way. Get the whole of it once more.',
  );
}

function tooLarge(): TraceFormatError {
  return new TraceFormatError(`This trace file is too large: it may hold up to ${MAX_BYTES >> 20} MB.`);
}

function readHeader(bytes: Uint8Array): RunInfo {
  const get = readObject(parse(bytes));
  const program = get('program');
  if (typeof program !== 'string')
    throw new TraceFormatError("This trace file can't be read: its program should be text.");
  const requirements = get('requirements');
  const end = readEnd(get('end'));
  return {
    program,
    name: text(get('name')),
    clock: get('clock') === 'real' ? 'real' : 'virtual',
    pace: positive(get('pace')) ?? 0,
    seed: whole(get('seed')) ?? 0,
    requirements: Array.isArray(requirements) ? requirements.filter((r) => typeof r === 'string') : [],
    python: text(get('python')),
    platform: text(get('platform')),
    ...(end && { end }),
  };
}

/** Extras that make no sense are left out: the events tell the run. */
function readEnd(value: unknown): RunEnd | undefined {
  if (!isObject(value)) return undefined;
  const get = readObject(value);
  const how = (['finished', 'failed', 'stopped'] as const).find((word) => word === get('how'));
  if (!how) return undefined;
  const problem = get('problem');
  const code = get('code');
  return {
    how,
    code: Number.isSafeInteger(code) ? (code as number) : 0,
    ...(isObject(problem) && { problem: readProblem(readObject(problem)) }),
  };
}

function readProblem(get: (key: string) => unknown): RunProblem {
  return {
    type: text(get('type')),
    message: text(get('message')),
    text: text(get('text')),
    line: whole(get('line')),
    column: whole(get('column')),
    endColumn: whole(get('endColumn')),
  };
}

function parse(bytes: Uint8Array): object {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isObject(json)) return json;
  } catch {
    // told below
  }
  throw damaged();
}

/** Reads an object's own keys alone: `__proto__` and `constructor` are no settings. */
function readObject(json: object): (key: string) => unknown {
  return (key) => (Object.hasOwn(json, key) ? (json as Record<string, unknown>)[key] : undefined);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function whole(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : undefined;
}
