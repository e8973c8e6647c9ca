/** A frame that no tracer writes: the page's computations come to an end, whatever its rows say. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TraceFormatError } from '../../../web/src/protocol/decode';
import { HEADER_BYTES, MAGIC, ROW_BYTES, VERSION } from '../../../web/src/protocol/generated';
import { decodeBatch } from '../../../web/src/protocol/tame';
import { describe as words } from '../../../web/src/trace/describe';
import { Instants } from '../../../web/src/trace/instant';
import { Trace } from '../../../web/src/trace/trace';
import { Tracks } from '../../../web/src/trace/tracks';

const time = fc.oneof(
  fc.double({ min: -1, max: 10, noNaN: true }),
  fc.constantFrom(NaN, Infinity, -Infinity, 1e300, -1e300, 1e12, 5e-324),
);
const id = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom(-1, 2 ** 31 - 1, -(2 ** 31), 1e6));
const row = fc.record({
  times: fc.tuple(time, time, time),
  cpu: fc.oneof(fc.float(), fc.constantFrom(NaN, Infinity)),
  kind: fc.integer({ min: 0, max: 16 }),
  how: fc.integer({ min: 0, max: 18 }),
  flags: fc.integer({ min: 0, max: 3 }),
  ids: fc.array(id, { minLength: 8, maxLength: 8 }),
});

type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;

function frame(rows: Row[], meta: object): ArrayBuffer {
  const text = new TextEncoder().encode(JSON.stringify(meta));
  const body = HEADER_BYTES + Math.ceil(text.length / 8) * 8;
  const buffer = new ArrayBuffer(body + rows.length * ROW_BYTES);
  new Uint8Array(buffer).fill(32, HEADER_BYTES, body);
  new Uint8Array(buffer).set(text, HEADER_BYTES);
  const view = new DataView(buffer);
  [MAGIC, text.length, rows.length, VERSION].forEach((word, k) => {
    view.setUint32(4 * k, word, true);
  });
  rows.forEach(({ times, cpu, kind, how, flags, ids }, r) => {
    const at = body + r * ROW_BYTES;
    times.forEach((t, k) => {
      view.setFloat64(at + 8 * k, t, true);
    });
    view.setFloat32(at + 24, cpu, true);
    view.setInt32(at + 28, kind | (how << 8) | (flags << 16), true);
    ids.forEach((value, k) => {
      view.setInt32(at + 32 + 4 * k, value, true);
    });
  });
  return buffer;
}

const TABLES = {
  strings: [
    [1, 'one'],
    [2, '<b>two</b>'],
  ],
  codes: [[1, 'main', 'main.py', 1, 1]],
  sites: [
    [1, 1, 1, 1, 0, 4],
    [2, 9, -5, 0, 0, 0],
  ],
  chains: [
    [1, [1], '', ''],
    [2, [7, 7], 'sync', 'Lock.acquire'],
    [3, [], '', ''],
  ],
  objects: [[3, 'Lock', 'lock', 1]],
};

test('rows of any numbers', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
      const trace = new Trace();
      for (const one of decodeBatch(frame(rows, TABLES))) trace.append(one);
      const tracks = new Tracks(trace);
      tracks.update();
      const instants = new Instants(tracks);
      for (let event = 0; event < trace.count; event++) instants.at(event);
      for (const { track } of tracks.tree()) {
        for (let x = 0, k = 0; k < 20; k++, x += tracks.scale.now() / 20) {
          const segment = tracks.at(track, x);
          if (segment) words(tracks, segment);
        }
      }
    }),
    { numRuns: 300, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: true },
  );
});

test.each([
  { strings: 'text' },
  { strings: [[1]] },
  { strings: [[1, { toString: 'x' }]] },
  { codes: [[1, 'main', 'main.py', 1]] },
  { sites: { length: 1 } },
  { chains: [[1, null, '', '']] },
  { locals: [[0, 1, [['main', 2, [['x']]]]]] },
  { findings: [{ kind: 'deadlock' }] },
  { findings: null },
  { now: [0, 3, 0, 0] },
  { lost: 'many' },
  { cut: [1] },
])('no tables: %j', (meta) => {
  expect(() => decodeBatch(frame([], meta))).toThrow(TraceFormatError);
});

test('a table named __proto__ is no table', () => {
  const text = '{"__proto__": {"strings": [[1, "x"]], "polluted": 1}}';
  const [one] = decodeBatch(frame([], JSON.parse(text)));
  expect(one?.meta.strings).toBeUndefined();
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});
