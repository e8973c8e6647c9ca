/** Whether packed rows from elsewhere keep the wire's promises: those that `check.ts` tells of rows as they are sent. */
import { TraceFormatError } from './decode';
import { How, Kind, PACKED } from './generated';
import { baseOf, CHUNK, cellBytes, readCells, spanOf, widthOf } from './packed';

const { COLUMN } = PACKED;
/** Nanoseconds: those of check.ts, LATEST. */
const LATEST = 1e21;
const INT = 2 ** 31 - 1;
const KINDS = Math.max(...Object.values(Kind));
const HOWS = Math.max(...Object.values(How));
const FLAGS = 255;

/** What every cell of a column lies between. */
const BOUNDS: Record<keyof typeof COLUMN, [least: number, most: number]> = {
  t: [-LATEST, LATEST],
  end: [0, 2 * LATEST],
  ready: [-2 * LATEST, 2 * LATEST],
  cpu: [-LATEST, LATEST],
  kind: [1, KINDS],
  how: [0, HOWS],
  flags: [0, FLAGS],
  subject: [0, INT],
  by: [0, INT],
  site: [0, INT],
  via: [0, INT],
  waits: [0, INT],
  chain: [0, INT],
  ready_seq: [-INT, INT],
  aux: [-INT - 1, INT],
};
const WORDS: Partial<Record<keyof typeof COLUMN, string>> = {
  end: 'an event that ends before it begins',
  kind: 'an event of an unknown kind',
  how: 'an event of an unknown kind',
  flags: 'an event of an unknown kind',
  ready_seq: 'an event made ready by a later one',
  aux: 'a number that is none',
};
const NAMES = Object.keys(COLUMN) as (keyof typeof COLUMN)[];

/** Cells that may take more than 32 bits, and those that don't. */
const wide = new Float64Array(CHUNK);
const cells = new Int32Array(CHUNK);
const kinds = new Int32Array(CHUNK);
const tasks = new Int32Array(CHUNK);
const creators = new Int32Array(CHUNK);

/**
 * Checks a chunk whose first row is event `first`, after so many lost ones. Throws TraceFormatError. Each task that is created
 * is told to `create`, with who creates it.
 */
export function checkChunk(
  chunk: DataView,
  first: number,
  lost: number,
  create: (id: number, by: number) => void,
): void {
  const at = placesOf(chunk);
  const read = <Into extends Int32Array | Float64Array>(column: number, into: Into): Into => {
    readCells(chunk, at[column] as number, widthOf(chunk, column), baseOf(chunk, column), 0, CHUNK, into);
    return into;
  };
  NAMES.forEach((name, c) => {
    const [least, most] = BOUNDS[name];
    if (!wholeNumbers(chunk, c)) throw damaged(WORDS[name] ?? wordsOf(name, c));
    if (within(chunk, c, least, most)) return;
    const all = read(c, fitting(chunk, c));
    if (name === 'end') read(COLUMN.kind, kinds);
    for (let k = 0; k < CHUNK; k++) {
      const cell = all[k] as number;
      if (cell >= least && cell <= most) continue;
      // A timer may be due at any time, even one that has passed.
      if (name === 'end' && kinds[k] === Kind.TIMER && cell >= -2 * LATEST && cell < 0) continue;
      throw damaged(WORDS[name] ?? wordsOf(name, c));
    }
  });
  // What comes back from its own index to one that is there: the event, or one that was lost.
  if (!within(chunk, COLUMN.ready_seq, -lost, first)) {
    const all = read(COLUMN.ready_seq, fitting(chunk, COLUMN.ready_seq));
    for (let k = 0; k < CHUNK; k++)
      if (!((all[k] as number) >= -lost && (all[k] as number) <= first + k))
        throw damaged('an event made ready by a later one');
  }
  read(COLUMN.kind, kinds);
  if (!kinds.includes(Kind.TASK)) return;
  read(COLUMN.subject, tasks);
  read(COLUMN.by, creators);
  for (let k = 0; k < CHUNK; k++)
    if (kinds[k] === Kind.TASK) create(tasks[k] as number, creators[k] as number);
}

function wordsOf(name: string, column: number): string {
  return column < PACKED.TIMES ? 'a time that no clock shows' : `a negative id in column ${name}`;
}

/** Where the columns' cells begin. */
function placesOf(chunk: DataView): number[] {
  let at: number = PACKED.HEAD_BYTES;
  return NAMES.map((_, c) => {
    const here = at;
    at += cellBytes(widthOf(chunk, c));
    return here;
  });
}

/** Where a column's cells go without being changed. */
function fitting(chunk: DataView, column: number): Int32Array | Float64Array {
  const width = widthOf(chunk, column);
  return column < PACKED.TIMES || width === 4 || width > PACKED.MICRO ? wide : cells;
}

/** Whether a column's least value is a number of its kind: what is no time is a whole number of 32 bits. */
function wholeNumbers(chunk: DataView, column: number): boolean {
  const base = baseOf(chunk, column);
  if (widthOf(chunk, column) === 8) return column < PACKED.TIMES;
  return Number.isSafeInteger(base) && (column < PACKED.TIMES || Math.abs(base) <= INT + 1);
}

/** Whether all that a column could hold, by its least value and width, lies between two numbers. */
function within(chunk: DataView, column: number, least: number, most: number): boolean {
  const width = widthOf(chunk, column);
  if (width === 8) return false;
  const [from, to] = spanOf(width, baseOf(chunk, column));
  return from >= least && to <= most;
}

function damaged(what: string): TraceFormatError {
  return new TraceFormatError(`This trace is damaged: it has ${what}.`);
}
