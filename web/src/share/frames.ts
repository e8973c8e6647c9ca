/** A trace as frames: whole chunks of rows packed, as the page keeps them, the last ones as the tracer sent them. */
import type { Meta } from '../protocol/decode';
import { COLUMN, HEADER_BYTES, Kind, MAGIC, PACKED, ROW_BYTES, VERSION } from '../protocol/generated';
import { CHUNK } from '../protocol/packed';
import type { Trace } from '../trace/trace';

export interface Frames {
  /** Bytes of all of them. */
  size: number;
  /** Whether some have packed rows. */
  packed: boolean;
  pieces(): Generator<Uint8Array<ArrayBuffer>>;
}

/**
 * The frames of a trace, one for each chunk, so that one is taken in while the next ones come. The first one holds the
 * tables, the last one what was found in all of it.
 */
export function framesOf(trace: Trace): Frames {
  const { count } = trace;
  const tables = tablesOf(trace);
  const found = foundIn(trace);
  const chunks = trace.packedChunks();
  const rest = chunks.length * CHUNK;
  const heads = chunks.map((chunk, k) => packedHead(encoded(k === 0 ? tables : {}), chunk));
  const last = frame(trace, encoded(rest > 0 ? found : { ...tables, ...found }), rest, count);
  return {
    size: [...heads, ...chunks, last].reduce((sum, { byteLength }) => sum + byteLength, 0),
    packed: chunks.length > 0,
    *pieces() {
      for (const [k, { buffer, byteOffset, byteLength }] of chunks.entries()) {
        yield heads[k] as Uint8Array<ArrayBuffer>;
        yield new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
      }
      yield last;
    },
  };
}

function encoded(meta: Meta): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(meta));
}

/** A packed frame without its chunk. */
function packedHead(meta: Uint8Array, chunk: DataView): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PACKED.HEADER_BYTES + Math.ceil(meta.length / 8) * 8);
  const head = new DataView(bytes.buffer);
  [MAGIC, meta.length, CHUNK, PACKED.VERSION, chunk.byteLength, 0].forEach((word, k) => {
    head.setUint32(k * 4, word, true);
  });
  bytes.set(meta, PACKED.HEADER_BYTES);
  bytes.fill(32, PACKED.HEADER_BYTES + meta.length);
  return bytes;
}

/** Bytes of a frame without its rows. */
function bytesOf(meta: number): number {
  return HEADER_BYTES + Math.ceil(meta / 8) * 8;
}

/** What rows refer to. */
function tablesOf(trace: Trace): Meta {
  const { lost, problem, cut } = trace;
  const all = <V, R>(table: ReadonlyMap<number, V>, row: (id: number, value: V) => R): R[] =>
    [...table].map(([id, value]) => row(id, value));
  return {
    strings: all(trace.strings, (id, text) => [id, text]),
    codes: all(trace.codes, (id, { name, file, firstLine, own }) => [id, name, file, firstLine, own ? 1 : 0]),
    sites: all(trace.sites, (id, s) => [id, s.code, s.line, s.endLine, s.column, s.endColumn]),
    objects: all(trace.primitives, (id, { type, name, site, bound }) => [id, type, name, site, bound]),
    chains: all(trace.chains, (id, { sites, kind, label }) => [id, sites, kind, label]),
    ...(!trace.variables.empty && { locals: trace.variables.all() }),
    ...(lost > 0 && { lost }),
    ...(problem && { problem }),
    ...((cut.lines > 0 || cut.characters > 0) && { cut: [cut.lines, cut.characters] }),
  };
}

/** What refers to rows. */
function foundIn({ findings, path }: Trace): Meta {
  return {
    ...(findings && { findings }),
    ...(path.length > 0 && {
      path: path.map(({ begin, end, task, event, text }) => [begin, end, task, event, text]),
    }),
  };
}

function frame(trace: Trace, meta: Uint8Array, from: number, to: number): Uint8Array<ArrayBuffer> {
  const body = bytesOf(meta.length);
  const bytes = new Uint8Array(body + (to - from) * ROW_BYTES);
  const head = new DataView(bytes.buffer);
  [MAGIC, meta.length, to - from, VERSION].forEach((word, k) => {
    head.setUint32(k * 4, word, true);
  });
  bytes.set(meta, HEADER_BYTES);
  bytes.fill(32, HEADER_BYTES + meta.length, body);
  writeRows(trace, bytes.buffer, body, from, to);
  return bytes;
}

/** What a kind does not use (see FIELDS in protocol.py) stays 0. */
function writeRows(trace: Trace, buffer: ArrayBuffer, body: number, from: number, to: number): void {
  const f64 = new Float64Array(buffer, body);
  const f32 = new Float32Array(buffer, body);
  const i32 = new Int32Array(buffer, body);
  const four = ROW_BYTES / 4;
  for (let i = from, at = 0; i < to; i++, at += four) {
    const kind = trace.kind.at(i) as number;
    const runs = kind === Kind.STEP || kind === Kind.CALLBACK;
    f64[at / 2 + COLUMN.t.at] = trace.t.at(i) as number;
    if (runs || kind === Kind.IDLE || kind === Kind.TIMER)
      f64[at / 2 + COLUMN.end.at] = trace.end.at(i) as number;
    if (runs) {
      f64[at / 2 + COLUMN.ready.at] = trace.ready.at(i) as number;
      f32[at + COLUMN.cpu.at] = trace.cpu.at(i) as number;
      i32[at + COLUMN.ready_seq.at] = trace.readySeq.at(i) as number;
    }
    i32[at + COLUMN.kind.at] =
      kind | ((trace.how.at(i) as number) << 8) | ((trace.flags.at(i) as number) << 16);
    i32[at + COLUMN.subject.at] = trace.subject.at(i) as number;
    i32[at + COLUMN.by.at] = trace.by.at(i) as number;
    i32[at + COLUMN.site.at] = trace.site.at(i) as number;
    i32[at + COLUMN.via.at] = trace.via.at(i) as number;
    i32[at + COLUMN.waits.at] = trace.waits.at(i) as number;
    i32[at + COLUMN.chain.at] = trace.chain.at(i) as number;
    i32[at + COLUMN.aux.at] = trace.aux.at(i) as number;
  }
}
