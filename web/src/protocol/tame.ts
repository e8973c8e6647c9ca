/**
 * Frames of a run that goes on: a stranger's program may have made them. What can't be is brought into bounds or refused, so
 * that whoever reads the trace comes to an end. A file's frames are checked more strictly: see `check.ts`.
 */
import { decodeFrames, type Frame, type Meta, RowReader, TraceFormatError } from './decode';
import { COLUMN, Kind, ROW_BYTES } from './generated';

/** Seconds that a clock may show. */
const LATEST = 1e12;
/** Entries of a list that a human never reads to its end. */
const MOST = 10_000;

type Test = (value: unknown) => boolean;

const number: Test = Number.isFinite;
const whole: Test = Number.isSafeInteger;
const text: Test = (value) => typeof value === 'string';
const simple: Test = (value) => number(value) || text(value);

const list =
  (one: Test, most = Infinity): Test =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(one);

/** A list of these; a later version may have added numbers and texts. */
const tuple =
  (...parts: Test[]): Test =>
  (value) =>
    Array.isArray(value) &&
    value.length >= parts.length &&
    value.every((entry, k) => (parts[k] ?? simple)(entry));

const record =
  (parts: Record<string, Test>): Test =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(parts).every(([name, part]) => part((value as Record<string, unknown>)[name]));

const finding = record({
  kind: text,
  title: text,
  text,
  why: text,
  advice: text,
  lines: list(whole, MOST),
  events: list(whole, MOST),
});

const META: Record<keyof Meta, Test> = {
  now: tuple(number, (state) => state === 0 || state === 1 || state === 2, whole, number),
  lost: whole,
  problem: text,
  cut: tuple(whole, whole),
  strings: list(tuple(whole, text)),
  codes: list(tuple(whole, text, text, whole, whole)),
  sites: list(tuple(whole, whole, whole, whole, whole, whole)),
  objects: list(tuple(whole, text, text, whole)),
  findings: list(finding, MOST),
  path: list(tuple(number, number, whole, whole, text)),
  locals: list(tuple(whole, whole, list(tuple(text, whole, list(tuple(text, text)))))),
  chains: list(tuple(whole, list(whole), text, text)),
};

/** Name of a part of meta that isn't what it should be; undefined: all is well. */
function wrongMeta(meta: object): string | undefined {
  return Object.keys(META).find((name) => {
    const value = Object.hasOwn(meta, name) ? (meta as Meta)[name as keyof Meta] : undefined;
    return value !== undefined && !META[name as keyof Meta](value);
  });
}

/**
 * Brings what can't be into bounds, in place: times are numbers, a task's creator was there before it. A program may ask for
 * `sleep(inf)`: that is no reason to refuse its trace.
 */
function tame({ f64, f32, i32 }: RowReader, count: number): void {
  for (let row = 0; row < count; row++) {
    const double = (row * ROW_BYTES) / 8;
    for (let at = double + COLUMN.t.at; at <= double + COLUMN.ready.at; at++) {
      const time = f64[at] as number;
      if (!(Math.abs(time) <= LATEST)) f64[at] = time > 0 ? LATEST : 0;
    }
    const single = (row * ROW_BYTES) / 4;
    const cpu = f32[single + COLUMN.cpu.at] as number;
    if (!(cpu >= 0 && cpu <= LATEST)) f32[single + COLUMN.cpu.at] = 0;
    const by = i32[single + COLUMN.by.at] as number;
    if (((i32[single + COLUMN.kind.at] as number) & 0xff) === Kind.TASK)
      if (by >= (i32[single + COLUMN.subject.at] as number)) i32[single + COLUMN.by.at] = 0;
  }
}

/** The frames of a batch. Throws TraceFormatError for what is none. */
export function decodeBatch(buffer: ArrayBuffer): Frame[] {
  const frames = decodeFrames(buffer);
  for (const { meta, rows, count } of frames) {
    const wrong = wrongMeta(meta);
    if (wrong) throw new TraceFormatError(`The trace has a damaged frame (${wrong}).`);
    // No tracer packs its rows.
    if (!(rows instanceof RowReader)) throw new TraceFormatError('The trace has a damaged frame (rows).');
    tame(rows, count);
  }
  return frames;
}
