import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Meta, TraceFormatError } from '../../../web/src/protocol/decode';
import { HEADER_BYTES, How, Kind, ROW_BYTES, TRACE_FILE } from '../../../web/src/protocol/generated';
import type { RunInfo } from '../../../web/src/protocol/run-info';
import { deflate } from '../../../web/src/share/deflate';
import { packTrace, unpackTrace } from '../../../web/src/share/tracefile';
import { Trace } from '../../../web/src/trace/trace';
import { FrameWriter } from '../helpers/frames';
import { randomProgram, runProgram, traceOf } from '../helpers/programs';

const INFO: RunInfo = {
  program: 'print("<b>grüße</b>")\n',
  name: 'greeting.py',
  clock: 'real',
  pace: 0.5,
  seed: 7,
  requirements: ['attrs==25.1'],
  python: '3.14.2',
  platform: 'linux',
  end: { how: 'failed', code: 1, problem: { type: 'E', message: 'm', text: 't', line: 3, column: 0 } },
};

async function opened(file: Blob): Promise<{ info: RunInfo; trace: Trace }> {
  const { info, frames } = await unpackTrace(file);
  const trace = new Trace();
  for (const frame of frames) trace.append(frame);
  return { info, trace };
}

async function bytesOf(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.arrayBuffer());
}

/** A whole trace file around any contents. */
async function packed(header: string | Uint8Array, frames: Uint8Array, claim = 0): Promise<Blob> {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(32);
  padded.set(text);
  const head = new Uint8Array(TRACE_FILE.HEAD_BYTES);
  head.set(TRACE_FILE.MAGIC);
  const view = new DataView(head.buffer);
  view.setUint32(8, TRACE_FILE.VERSION, true);
  view.setUint32(12, text.length, true);
  view.setBigUint64(16, BigInt(claim || padded.length + frames.length), true);
  return new Blob([head, await deflate([padded, Uint8Array.from(frames)])]);
}

/** What a file holds after its head, inflated. */
async function contentsOf(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  const stream = file.slice(TRACE_FILE.HEAD_BYTES).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function refusal(file: Blob): Promise<string> {
  const problem = await unpackTrace(file).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(problem).toBeInstanceOf(TraceFormatError);
  return (problem as Error).message;
}

const HEADER = '{"program":""}';
const EMPTY = new Uint8Array(0);

/** A file with one event. */
function one(kind: number, cells: Parameters<FrameWriter['row']>[1], before = 0): Promise<Blob> {
  const rows = new FrameWriter();
  for (let k = 0; k < before; k++) rows.row(Kind.LOOP);
  rows.row(kind, cells);
  return packed(HEADER, new Uint8Array(rows.take()));
}

function meta(text: string): Promise<Blob> {
  const bytes = new TextEncoder().encode(text);
  const frame = new Uint8Array(HEADER_BYTES + Math.ceil(bytes.length / 8) * 8).fill(32);
  frame.set(new Uint8Array(new FrameWriter().take()).subarray(0, HEADER_BYTES));
  new DataView(frame.buffer).setUint32(4, bytes.length, true);
  frame.set(bytes, HEADER_BYTES);
  return packed(HEADER, frame);
}

describe('a saved trace opened again is the same trace', () => {
  test('table for table, and saved again byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram(), async (program) => {
        const trace = traceOf(program);
        const file = await packTrace(INFO, trace);
        const again = await opened(file);
        expect(again.info).toEqual(INFO);
        expect(again.trace).toEqual(trace);
        expect(await bytesOf(await packTrace(again.info, again.trace))).toEqual(await bytesOf(file));
      }),
      { numRuns: 40 },
    );
  });

  test('with what was lost, cut, found and went wrong', async () => {
    const rows = runProgram({ actions: [{ do: 'sleep', seconds: 0.01 }], cost: 0 }).rows;
    const trace = new Trace();
    const finding = { kind: 'x', title: 't', text: 'u', why: 'w', advice: 'a', lines: [3], events: [1] };
    // All there is: a key that META gets later has to be added here, and kept.
    const everything: Required<Omit<Meta, 'now'>> = {
      lost: 5,
      problem: 'ValueError: no',
      cut: [2, 40],
      strings: [[7, 'seven']],
      codes: [[90, 'main', 'main.py', 1, 1]],
      sites: [[91, 90, 2, 2, 0, 4]],
      objects: [[3, 'Queue', 'queue', 91, 5]],
      chains: [[92, [91], 'sleep', 'sleep']],
      locals: [[1, 1, [['main', 2, [['url', "'a'"]]]]]],
      findings: [finding],
      path: [[0, 0.01, 1, 1, 'main sleeps.']],
    };
    rows.feed(trace);
    new FrameWriter().feed(trace, everything);
    const file = await packTrace(INFO, trace);
    const saved = (await unpackTrace(file)).frames[0]?.meta;
    for (const [key, value] of Object.entries(everything)) {
      const kept = saved?.[key as keyof Meta];
      const table = ['strings', 'codes', 'sites', 'chains'].includes(key);
      if (table) expect(kept).toContainEqual((value as unknown[])[0]);
      else expect(kept).toEqual(value);
    }
    const again = await opened(file);
    expect(again.trace).toEqual(trace);
    expect(again.trace.findings).toEqual([finding]);
  });

  test('over several frames', async () => {
    const rows = new FrameWriter();
    for (let k = 0; k < 70_000; k++) rows.row(Kind.IDLE, { t: k, end: k + 1, how: How.TIMER });
    const trace = rows.trace();
    const { frames } = await unpackTrace(await packTrace(INFO, trace));
    expect(frames.map(({ count }) => count)).toEqual([65_536, 4_464]);
  });

  test('with a timer that is never due', async () => {
    const { trace } = await opened(await one(Kind.TIMER, { subject: 1, end: Infinity }));
    expect(trace.count).toBe(1);
  });
});

describe('a file that is no whole trace is refused in words', () => {
  const good = packTrace(INFO, traceOf({ actions: [{ do: 'print' }], cost: 0 }));

  test.each([
    [
      'something else',
      async () => new Blob(['PK\x03\x04 a zip file of some length']),
      'not a Loopscope trace',
    ],
    ['nothing', async () => new Blob([]), 'not a Loopscope trace'],
    [
      'one with converted line ends',
      async () => new Blob(['LSCOPE\n', await (await good).slice(8)]),
      'not a',
    ],
    ['half a file', async () => (await good).slice(0, (await good).size / 2), 'damaged'],
    ['contents shorter than promised', () => packed(HEADER, EMPTY, 999), 'damaged'],
    ['contents longer than promised', () => packed(HEADER, new Uint8Array(80), 16), 'damaged'],
    ['too much', () => packed(HEADER, EMPTY, TRACE_FILE.MAX_BYTES + 1), 'too large'],
    ['more than there is room for', () => packed(HEADER, EMPTY, 2 ** 53), 'too large'],
    ['a bomb', () => packed(HEADER, new Uint8Array(50_000_000), 4096), 'damaged'],
    ['a header that is no JSON', () => packed('{"program":', EMPTY), 'damaged'],
    ['a header that is no object', () => packed('[]', EMPTY), 'damaged'],
    ['a header without a program', () => packed('{"program":7}', EMPTY), 'its program should be text'],
    ['a program by inheritance', () => packed('{"__proto__":{"program":"x"}}', EMPTY), 'its program'],
    ['a header that is no text', () => packed(new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), EMPTY), 'damaged'],
    ['a header without an end', () => packed('['.repeat(100_000), EMPTY), 'damaged'],
    ['frames that are none', () => packed(HEADER, new Uint8Array(64).fill(7)), 'not a Loopscope trace'],
    ['an unknown kind', () => one(99, {}), 'unknown kind'],
    ['an unknown outcome', () => one(Kind.STEP, { how: 99 }), 'unknown kind'],
    ['a time that is none', () => one(Kind.OUTPUT, { t: Number.NaN }), 'no clock shows'],
    ['an endless time', () => one(Kind.STEP, { end: Infinity }), 'no clock shows'],
    ['a time beyond all clocks', () => one(Kind.OUTPUT, { t: 1e300 }), 'no clock shows'],
    ['a cost that is none', () => one(Kind.STEP, { cpu: Number.NaN }), 'no clock shows'],
    ['a step that ends before it begins', () => one(Kind.STEP, { t: 2, end: 1 }), 'ends before it begins'],
    ['an id out of range', () => one(Kind.STEP, { subject: -5 }), 'negative id in column subject'],
    [
      'an event made ready by a later one',
      () => one(Kind.STEP, { ready_seq: 2 }, 1),
      'made ready by a later',
    ],
    [
      'a task that created itself',
      () => one(Kind.TASK, { subject: 3, by: 3 }),
      'created twice, or by itself',
    ],
    ['meta that is no object', () => meta('[1]'), 'damaged frame'],
    ['strings that are none', () => meta('{"strings":[[1,{"toString":1}]]}'), 'table of strings'],
    ['a table that is none', () => meta('{"sites":"all"}'), 'table of sites'],
    ['a site of no code', () => meta('{"sites":[[1,1,1,1,0,0]]}'), 'table of sites'],
    ['a chain over no site', () => meta('{"chains":[[1,[4],"",""]]}'), 'table of chains'],
    [
      'a finding of no event',
      () =>
        meta('{"findings":[{"kind":"","title":"","text":"","why":"","advice":"","lines":[],"events":[0]}]}'),
      'points at no event',
    ],
    ['a path through no event', () => meta('{"path":[[0,1,1,9,""]]}'), 'through no event'],
    ['a path that is none', () => meta('{"path":[[0,null,1,0,""]]}'), 'critical path'],
    [
      'a finding without words',
      () => meta('{"findings":[{"__proto__":{"kind":""}}]}'),
      'findings that make no sense',
    ],
    ['a life that is none', () => meta('{"now":[0,7,0,0]}'), 'sign of life'],
    ['negative losses', () => meta('{"lost":-1}'), 'lost events'],
  ] as const)('%s', async (_, make, words) => {
    expect(await refusal(await make())).toContain(words);
  });

  test('a newer one says what to do', async () => {
    const bytes = await bytesOf(await good);
    bytes[8] = 2;
    expect(await refusal(new Blob([bytes]))).toContain('newer Loopscope');
  });

  test('more events than a page can hold', async () => {
    const frame = new Uint8Array(new FrameWriter().take());
    new DataView(frame.buffer).setUint32(8, 0xffff_ffff, true);
    expect(await refusal(await packed(HEADER, frame))).toContain('in the middle of a frame');
  });

  test('whatever bytes of it are changed', async () => {
    const bytes = await bytesOf(await good);
    await fc.assert(
      fc.asyncProperty(changes(bytes.length), async (list) => {
        const problem = await attempt(new Blob([changed(bytes, list)]));
        expect(problem === undefined || problem instanceof TraceFormatError).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('whatever bytes of its contents are changed, checksum and all: it opens, or says why not', async () => {
    const program = runProgram({
      actions: [
        { do: 'eager', child: [{ do: 'sleep', seconds: 0.01 }, { do: 'print' }] },
        { do: 'join', child: [{ do: 'get' }, { do: 'later' }, { do: 'cancel' }] },
      ],
      cost: 0.002,
    });
    const contents = await contentsOf(await packTrace(INFO, program.rows.trace()));
    const start = contents.findIndex(
      (_, k) => contents[k] === 76 && contents[k + 1] === 83 && contents[k + 2] === 70,
    );
    const header = contents.subarray(0, start);
    const frames = contents.subarray(start);
    await fc.assert(
      fc.asyncProperty(changes(frames.length), async (list) => {
        const problem = await attempt(await packed(header, changed(frames, list)));
        expect(problem === undefined || problem instanceof TraceFormatError).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(frames.length % 8).toBe(0);
    expect(frames.length).toBeGreaterThan(ROW_BYTES);
  });
});

type Change = [at: number, value: number];

function changes(length: number): fc.Arbitrary<Change[]> {
  const value = fc.oneof(fc.constantFrom(0, 1, 127, 128, 255), fc.nat(255));
  return fc.array(fc.tuple(fc.nat(length - 1), value), { minLength: 1, maxLength: 6 });
}

function changed(bytes: Uint8Array, list: readonly Change[]): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes);
  for (const [at, value] of list) copy[at] = value;
  return copy;
}

/** Opens a file and reads the trace as the page does; what went wrong. */
async function attempt(file: Blob): Promise<unknown> {
  try {
    const { trace } = await opened(file);
    const { Tracks } = await import('../../../web/src/trace/tracks');
    const { Instants } = await import('../../../web/src/trace/instant');
    const tracks = new Tracks(trace);
    tracks.update();
    const instants = new Instants(tracks);
    for (let k = 0; k < trace.count; k += 3) instants.at(k);
    for (const { track } of tracks.tree()) [...tracks.within(track, -Infinity, Infinity)].map(String);
    return undefined;
  } catch (problem) {
    return problem;
  }
}
