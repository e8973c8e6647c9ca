/** What is packed is read back: columns, sets of rows, tables of ids, timers. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PACKED } from '../../../web/src/protocol/generated';
import { widthOf } from '../../../web/src/protocol/packed';
import { Bits } from '../../../web/src/trace/bits';
import { Columns, nanoseconds, rounded } from '../../../web/src/trace/columns';
import { IdRows } from '../../../web/src/trace/ids';

const CHUNK = 4096;
const COLUMNS = Object.keys(PACKED.COLUMN).length;

/** Adds a row whose cells are told; undefined: not written. */
function add(columns: Columns, cell: (c: number) => number | undefined): void {
  expect(columns.room(1)).toBe(1);
  for (let c = 0; c < COLUMNS; c++) {
    const value = cell(c);
    if (value !== undefined) (c < PACKED.TIMES ? columns.tail(c) : columns.ints(c))[columns.next] = value;
  }
  columns.add(1);
}

// The first ones may take more than 32 bits.
const RANGES = [
  2 ** 45,
  2 ** 62,
  200,
  0,
  0,
  200,
  60_000,
  16_000_000,
  2 ** 31 - 2,
  15,
  1,
  255,
  256,
  65_536,
  16_777_215,
];

function value(row: number, c: number): number {
  const range = RANGES[c] as number;
  const step = range < 4098 ? (row * 7) % (range + 1) : ((row * 7919) % 4099) * Math.floor(range / 4098);
  return step - 5 * c;
}

function filled(rows: number): Columns {
  const columns = new Columns();
  for (let row = 0; row < rows; row++) add(columns, (c) => value(row, c));
  return columns;
}

function expectAll(columns: Columns, rows: number): void {
  for (let row = 0; row < rows; row++)
    for (let c = 0; c < COLUMNS; c++)
      if (columns.get(c, row) !== value(row, c))
        expect([c, row, columns.get(c, row)]).toEqual([c, row, value(row, c)]);
}

test('every cell of every width is read back, across chunks', () => {
  const rows = CHUNK * 2 + 100;
  const columns = filled(rows);
  expectAll(columns, rows);
  expect(columns.get(2, -1)).toBe(0);
  expect(columns.get(2, rows)).toBe(0);
  const all = RANGES.map((_, c) => c);
  const out = new Float64Array(COLUMNS);
  for (const row of [0, 1, 4095, 4096, 8191, 8192, rows - 1]) {
    columns.cells(row, all, out);
    expect([...out]).toEqual(all.map((c) => value(row, c)));
  }
  for (const [from, count] of [
    [0, CHUNK],
    [CHUNK + 3, 1001],
    [CHUNK + 4, 1001],
    [5, 2],
    [CHUNK * 2 + 5, 90],
  ] as const)
    for (const c of all) {
      const cells = c < PACKED.TIMES ? new Float64Array(CHUNK) : new Int32Array(CHUNK);
      cells.fill(-1);
      columns.copy(c, from, count, cells);
      expect([...cells.subarray(0, count)]).toEqual(
        Array.from({ length: count }, (_, k) => value(from + k, c)),
      );
      expect(cells[count] ?? -1).toBe(-1);
    }
  // All widths of packed rows, the tail, and the table of the chunks.
  const widths = 8 + 8 + 1 + 0 + 0 + 1 + 2 + 3 + 4 + 0.5 + 0.5 + 1 + 2 + 3 + 3;
  expect(columns.bytes).toBeLessThan(CHUNK * 2 * (widths + 0.1) + CHUNK * COLUMNS * 8 + 2000);
});

test('times in thousands and numbers that are mostly 0 take less, and are read back', () => {
  // By column: of times the greatest, in thousands of nanoseconds; of others the greatest that is not 0, and how often one is.
  const thousands = [200, 60_000, 16_000_000, 2 ** 31];
  const some = [300, 70_000, 16_900_000, 2 ** 31 - 1];
  const cell = (row: number, c: number): number => {
    const spread = ((row * 7919) % 4099) / 4098;
    if (c < 4) return 5 + Math.round(spread * (thousands[c] as number)) * 1000;
    const most = some[c % 4] as number;
    const least = c % 4 === 3 ? most - 2 ** 24 + 2 : most - (most > 70_000 ? 60_000 : 200);
    return row % 3 === 0 ? 0 : least + Math.round(spread * (most - least));
  };
  const columns = new Columns();
  for (let row = 0; row < CHUNK + 1; row++) add(columns, (c) => cell(row, c));
  const cells = new Float64Array(CHUNK);
  for (let c = 0; c < COLUMNS; c++) {
    columns.copy(c, 0, CHUNK, cells);
    for (let row = 0; row < CHUNK; row++)
      if (columns.get(c, row) !== cell(row, c) || cells[row] !== cell(row, c))
        expect([c, row, columns.get(c, row), cells[row]]).toEqual([c, row, cell(row, c), cell(row, c)]);
  }
  const chunk = columns.packedChunks()[0] as DataView;
  const widths = Array.from({ length: COLUMNS }, (_, c) => widthOf(chunk, c));
  const { MICRO, SPARSE } = PACKED;
  expect(widths.slice(0, 4)).toEqual([MICRO + 1, MICRO + 2, MICRO + 3, MICRO + 4]);
  expect(widths.slice(4, 8)).toEqual([SPARSE + 1, SPARSE + 1, SPARSE + 2, SPARSE + 3]);
});

test('chunks of other columns are kept as they are, and rows go on behind them', () => {
  const first = filled(CHUNK * 2);
  const second = new Columns();
  for (const chunk of first.packedChunks()) second.adopt(chunk);
  expect(second.count).toBe(CHUNK * 2);
  for (let row = CHUNK * 2; row < CHUNK * 3; row++) add(second, (c) => value(row, c));
  expectAll(second, CHUNK * 3);
  // Behind rows that make a whole chunk, too; but not within one.
  second.adopt(first.packedChunks()[0] as DataView);
  expect(second.get(8, CHUNK * 3 + 5)).toBe(value(5, 8));
  add(second, () => 1);
  expect(() => second.adopt(first.packedChunks()[0] as DataView)).toThrow(RangeError);
});

test('what is not set in a row is 0, in a tail that held other rows before, too', () => {
  const columns = new Columns();
  for (let row = 0; row < CHUNK + 10; row++)
    add(columns, (c) => (c === 0 ? row : row < CHUNK ? 9 : undefined));
  expect(columns.get(1, CHUNK - 1)).toBe(9);
  expect(columns.get(1, CHUNK + 5)).toBe(0);
  expect(columns.get(7, CHUNK + 5)).toBe(0);
});

test('times are kept to the nanosecond; what is no number is 0', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
      expect(Math.abs(rounded(seconds) - seconds)).toBeLessThan(1e-9);
    }),
  );
  for (const seconds of [0.1, 0.05, 1e-6, 12.3456789, 3600]) expect(rounded(seconds)).toBe(seconds);
  expect(nanoseconds(Number.NaN)).toBe(0);
  expect(nanoseconds(Number.POSITIVE_INFINITY)).toBe(0);
});

test('a set of rows counts, finds and steps as a sorted list does', () => {
  const gaps = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 2000 })), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 0, max: 40 }), (steps, begin) => {
      const bits = new Bits();
      const rows: number[] = [];
      let row = begin;
      for (const step of steps) {
        bits.add(row);
        rows.push(row);
        row += step;
      }
      expect(bits.count).toBe(rows.length);
      expect(rows.map((_, k) => bits.select(k))).toEqual(rows);
      expect(bits.select(rows.length)).toBe(-1);
      expect(bits.select(-1)).toBe(-1);
      for (const at of [-1, 0, begin, ...rows.flatMap((r) => [r - 1, r, r + 1]), row + 500]) {
        expect(bits.has(at)).toBe(rows.includes(at));
        expect(bits.rank(at)).toBe(rows.filter((r) => r < at).length);
        expect(bits.next(at)).toBe(rows.find((r) => r >= at) ?? -1);
        expect(bits.previous(at)).toBe(rows.findLast((r) => r <= at) ?? -1);
      }
    }),
    { numRuns: 60 },
  );
});

test('ids that no run would give are kept as well', () => {
  const rows = new IdRows();
  for (const [id, row] of [
    [1, 0],
    [5000, 7],
    [2 ** 31 - 1, 8],
    [-3, 9],
  ] as const)
    rows.set(id, row);
  expect([1, 5000, 2 ** 31 - 1, -3, 2, 99_999, -4].map((id) => rows.get(id))).toEqual([
    0, 7, 8, 9, -1, -1, -1,
  ]);
});
