import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Frame, frameBytes, type Meta, TraceFormatError } from '../../../web/src/protocol/decode';
import {
  HEADER_BYTES,
  How,
  Kind,
  MAGIC,
  PACKED,
  ROW_BYTES,
  TRACE_FILE,
} from '../../../web/src/protocol/generated';
import type { RunInfo } from '../../../web/src/protocol/run-info';
import { deflate } from '../../../web/src/share/deflate';
import { stored } from '../../../web/src/share/stored';
import { packTrace, unpackTrace } from '../../../web/src/share/tracefile';
import { Trace } from '../../../web/src/trace/trace';
import { FrameWriter, rowsOf } from '../helpers/frames';
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
  for await (const frame of frames) trace.append(frame);
  return { info, trace };
}

async function framesOf(file: Blob): Promise<Frame[]> {
  const all: Frame[] = [];
  for await (const frame of (await unpackTrace(file)).frames) all.push(frame);
  return all;
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
  const problem = await framesOf(file).then(
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
    const saved = Object.assign({}, ...(await framesOf(file)).map(({ meta }) => meta)) as Meta;
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
    const frames = await framesOf(await packTrace(INFO, trace));
    expect(frames.map(({ count }) => count)).toEqual([...Array(17).fill(4096), 368]);
  });

  test('of thousands of events, cell for cell, with what was found late', async () => {
    const rows = manyRows(20_000);
    const trace = new Trace();
    const finding = { kind: 'x', title: 't', text: 'u', why: 'w', advice: 'a', lines: [3], events: [19_990] };
    rows.feed(trace, { findings: [finding], path: [[0, 1, 1, 19_991, 'main runs.']] });
    const file = await packTrace(INFO, trace);
    const again = await opened(file);
    expect(rowsOf(again.trace, 0, again.trace.count)).toEqual(rowsOf(trace, 0, trace.count));
    const told = ({ tasks, findings, path, now, instant, notes, exit, destroyed }: Trace) =>
      structuredClone({ tasks, findings, path, now, instant, notes, exit, destroyed });
    expect(told(again.trace)).toEqual(told(trace));
    expect(again.trace.findings).toEqual([finding]);
    for (let id = 0; id < 3000; id++)
      expect([id, again.trace.timerRow(id), again.trace.timerRowOf(id), again.trace.object(id)]).toEqual([
        id,
        trace.timerRow(id),
        trace.timerRowOf(id),
        trace.object(id),
      ]);
    expect(await bytesOf(await packTrace(again.info, again.trace))).toEqual(await bytesOf(file));
    // Half of what they were sent in, and less.
    expect((await contentsOf(file)).length).toBeLessThan(20_000 * ROW_BYTES * 0.6);
  });

  test('a short one can still be opened by a page that knows no packed rows', async () => {
    const file = await packTrace(INFO, traceOf({ actions: [{ do: 'print' }], cost: 0 }));
    expect((await bytesOf(file))[8]).toBe(TRACE_FILE.PLAIN);
    const long = await packTrace(INFO, manyRows(5000).trace());
    expect((await bytesOf(long))[8]).toBe(TRACE_FILE.VERSION);
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

  test.each([
    ['an unknown kind', Kind.NOTE + 90, {}, 'unknown kind'],
    ['an unknown outcome', Kind.STEP, { how: 99 }, 'unknown kind'],
    ['a step that ends before it begins', Kind.STEP, { t: 2, end: 1 }, 'ends before it begins'],
    ['an id out of range', Kind.STEP, { subject: -5 }, 'negative id in column subject'],
    ['an event made ready by a later one', Kind.STEP, { ready_seq: 5000 }, 'made ready by a later'],
    ['an event made ready before all', Kind.STEP, { ready_seq: -3 }, 'made ready by a later'],
    ['a task that created itself', Kind.TASK, { subject: 3, by: 3 }, 'created twice, or by itself'],
  ] as const)('packed: %s', async (_, kind, cells, words) => {
    const rows = new FrameWriter();
    for (let k = 0; k < 4096; k++) {
      if (k === 4000) rows.row(kind, cells);
      else rows.row(Kind.LOOP);
    }
    const frames = rows.trace();
    expect(await refusal(await packTrace(INFO, frames))).toContain(words);
  });

  test('packed: a billion events in next to no bytes', async () => {
    const chunks = 1 << 18;
    const frame = new Uint8Array(PACKED.HEADER_BYTES + 8 + chunks * PACKED.HEAD_BYTES);
    const words = [MAGIC, 2, chunks * 4096, PACKED.VERSION, chunks * PACKED.HEAD_BYTES, 0];
    words.forEach((word, k) => {
      new DataView(frame.buffer).setUint32(k * 4, word, true);
    });
    frame.set(new TextEncoder().encode('{}      '), PACKED.HEADER_BYTES);
    expect(await refusal(await packed(HEADER, frame))).toContain('damaged frame');
  });

  test('packed: events that do not stand where they were packed', async () => {
    const chunks = await contentsOf(await packTrace(INFO, manyRows(4096).trace()));
    const first = frameBytes(chunks.subarray(headerOf(chunks))) as number;
    const packedFrame = chunks.slice(headerOf(chunks), headerOf(chunks) + first);
    const before = new FrameWriter();
    before.row(Kind.LOOP);
    const frames = Uint8Array.from([...new Uint8Array(before.take()), ...packedFrame]);
    expect(await refusal(await packed(HEADER, frames))).toContain('in the wrong place');
  });

  test.each([
    ['stored', async (contents: Uint8Array<ArrayBuffer>) => stored([contents])],
    ['deflated', (contents: Uint8Array<ArrayBuffer>) => deflate([contents])],
  ])('%s: a header that was changed on its way is damage, whatever it says now', async (_, pack) => {
    // Its end is far from its header.
    const file = await packTrace(INFO, manyRows(20_000).trace());
    const head = (await bytesOf(file)).slice(0, TRACE_FILE.HEAD_BYTES);
    const contents = await contentsOf(file);
    const wrong = contents.slice();
    // {"program": …} becomes {"qrogram": …}: JSON still, but without a program.
    wrong[2] = (wrong[2] as number) + 1;
    const bytes = await bytesOf(await pack(wrong));
    // The sum at the end is the one of the contents as they were.
    bytes.set((await bytesOf(await pack(contents))).slice(-4), bytes.length - 4);
    expect(await refusal(new Blob([head, bytes]))).toContain('is damaged');
  });

  test('a newer one says what to do', async () => {
    const bytes = await bytesOf(await good);
    bytes[8] = TRACE_FILE.VERSION + 1;
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
    const start = headerOf(contents);
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

test('whatever bytes of packed rows are changed: they open, or say why not', async () => {
  const contents = await contentsOf(await packTrace(INFO, manyRows(4200).trace()));
  const start = headerOf(contents);
  const header = contents.subarray(0, start);
  const frames = contents.subarray(start);
  const chunk =
    PACKED.HEADER_BYTES + Math.ceil(new DataView(frames.slice().buffer).getUint32(4, true) / 8) * 8;
  // The chunk's head is a small part of it, and all of the rest hangs on it.
  const inHead = fc.tuple(fc.integer({ min: chunk, max: chunk + PACKED.HEAD_BYTES - 1 }), fc.nat(255));
  const some = fc.oneof(changes(frames.length), fc.array(inHead, { minLength: 1, maxLength: 3 }));
  let opens = 0;
  await fc.assert(
    fc.asyncProperty(some, async (list) => {
      const problem = await attempt(await packed(header, changed(frames, list)));
      if (problem === undefined) opens++;
      else expect(problem).toBeInstanceOf(TraceFormatError);
    }),
    { numRuns: 60 },
  );
  expect(opens).toBeGreaterThan(0);
});

type Change = [at: number, value: number];

/** Rows of all kinds, so many, with cells of all widths. */
function manyRows(count: number): FrameWriter {
  const rows = new FrameWriter();
  const chain = rows.chain('main', 2, 'sleep', 'sleep');
  const name = rows.text('Task-1');
  let clock = 0;
  let seed = 7;
  const random = (n: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed % n;
  };
  rows.row(Kind.LOOP, { how: How.BEGIN });
  for (let id = 1; id <= 50; id++) rows.row(Kind.TASK, { subject: id, by: id - 1, chain, aux: name });
  let ids = 50;
  while (rows.count < count - 1) {
    const begin = clock;
    clock += random(1000) / 1e6;
    const subject = 1 + random(50);
    const what = random(12);
    const ready = {
      ready: begin,
      cpu: random(1 << 20) / 1e6,
      ready_seq: Math.max(0, rows.count - random(300)),
    };
    if (what < 6)
      rows.row(Kind.STEP, {
        ...{ t: begin, end: clock, subject, by: random(50), chain, waits: ++ids, how: How.SUSPENDED },
        ...ready,
        flags: random(40) === 0 ? 1 : 0,
        via: random(1 << 25),
      });
    else if (what === 6) rows.row(Kind.IDLE, { t: begin, end: clock, how: How.TIMER });
    else if (what === 7) {
      const end = random(5) === 0 ? Infinity : clock + random(9);
      rows.row(Kind.TIMER, { t: begin, end, subject: ++ids, by: subject, via: ++ids, aux: name });
    } else if (what === 8)
      rows.row(Kind.CALLBACK, { t: begin, end: begin, subject: ++ids, aux: name, ...ready });
    else if (what === 9) rows.row(Kind.OBJECT, { t: clock, subject: ++ids, aux: name });
    else if (what === 10) rows.row(Kind.OUTPUT, { t: clock, by: subject, aux: name, how: How.STDOUT });
    else rows.row(Kind.NOTE, { t: clock, subject, aux: name });
  }
  rows.row(Kind.EXIT, { t: clock, how: How.FINISHED });
  return rows;
}

/** Where the first frame begins. */
function headerOf(contents: Uint8Array): number {
  return contents.findIndex((_, k) => contents[k] === 76 && contents[k + 1] === 83 && contents[k + 2] === 70);
}

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
