import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { traceEvents } from '../../../web/src/share/export/json';
import { asMarkdown } from '../../../web/src/share/export/markdown';
import { Model } from '../../../web/src/share/export/model';
import { perfettoTrace } from '../../../web/src/share/export/perfetto';
import { Writer } from '../../../web/src/share/export/protobuf';
import { FakeLoop } from '../helpers/loop';
import { randomProgram, traceOf } from '../helpers/programs';

/** main spawns a child that sleeps 10 ms, and waits for it. */
function example(): Model {
  const loop = new FakeLoop();
  loop.run('main', function* (self) {
    const end = self.spawn('child', function* () {
      yield self.sleep(0.01);
      self.print('up <&>\n');
    });
    yield end;
  });
  return new Model(loop.rows.trace());
}

function told(model: Model, track: number): string[] {
  return [...model.slices(track)].map(
    ({ name, category, begin, end, sends, receives }) =>
      `${begin}-${end} ${category}: ${name}${sends.length ? ` wakes ${sends}` : ''}${receives.length ? ` woken ${receives}` : ''}`,
  );
}

describe('the model of a run', () => {
  test('a task below its creator; steps, waits and wake-ups on its track', () => {
    const model = example();
    expect(model.tracks).toEqual([
      { id: 0, name: 'event loop', parent: undefined },
      { id: 1, name: 'main', parent: undefined },
      { id: 2, name: 'child', parent: 1 },
    ]);
    expect(told(model, 2)).toMatchInlineSnapshot(`
      [
        "500-1000 ready: ready",
        "1000-2000 run: step 1 wakes 7 woken 5",
        "2000-10002500 sleep: sleep(0.01)",
        "10002500-10003000 ready: ready",
        "10003000-10004000 run: step 2 wakes 10 woken 9",
      ]
    `);
    expect([...model.marks(2)].map(({ name }) => name)).toEqual(['prints up <&>']);
  });

  test('all tasks, however many', () => {
    const loop = new FakeLoop();
    loop.run('main', function* (self) {
      for (let k = 0; k < 300; k++) self.spawn('child', function* () {});
      yield self.sleep(0);
    });
    expect(new Model(loop.rows.trace()).tracks).toHaveLength(302);
  });

  test('slices of a track never overlap, and every wake-up has both its ends, later than it began', () => {
    fc.assert(
      fc.property(randomProgram(), (program) => {
        const model = new Model(traceOf(program));
        const sent = new Map<number, number>();
        const received = new Map<number, number>();
        for (const { id } of model.tracks) {
          let last = 0;
          for (const slice of model.slices(id)) {
            expect(slice.begin).toBeGreaterThanOrEqual(last);
            expect(slice.end).toBeGreaterThanOrEqual(slice.begin);
            last = slice.end;
            for (const flow of slice.sends) sent.set(flow, slice.begin);
            for (const flow of slice.receives) received.set(flow, slice.begin);
          }
        }
        expect([...sent.keys()].sort()).toEqual([...received.keys()].sort());
        for (const [flow, at] of received) expect(at).toBeGreaterThan(sent.get(flow) as number);
      }),
      { numRuns: 60 },
    );
  });

  test('the ready queue is empty at first and at last, and never shorter than that', () => {
    fc.assert(
      fc.property(randomProgram(), (program) => {
        const samples = new Model(traceOf(program)).readyQueue();
        expect(samples[0]).toEqual({ at: 0, value: expect.any(Number) });
        expect(samples.at(-1)?.value).toBe(0);
        expect(samples.every(({ value }) => value >= 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

test('Trace Event JSON is JSON, whatever the program prints', () => {
  const { traceEvents: events } = JSON.parse([...traceEvents(example().trace)].join('')) as {
    traceEvents: { ph: string; name: string }[];
  };
  expect(events.filter(({ ph }) => ph === 'i').map(({ name }) => name)).toEqual(['prints up <&>']);
  expect(events.filter(({ ph }) => ph === 's')).toHaveLength(events.filter(({ ph }) => ph === 'f').length);
});

test('a protobuf of many pieces is the same as in one', () => {
  const loop = new FakeLoop();
  loop.run('main', function* (self) {
    for (let k = 0; k < 9000; k++) yield self.sleep(0);
  });
  const pieces = [...perfettoTrace(loop.rows.trace())];
  expect(pieces.length).toBeGreaterThan(1);
  // Every piece ends with a whole packet: each begins with the tag of the next.
  expect(pieces.map((piece) => piece[0])).toEqual(pieces.map(() => 10));
});

test.each([
  [0, [8, 0]],
  [127, [8, 127]],
  [300, [8, 172, 2]],
  [2 ** 40, [8, 128, 128, 128, 128, 128, 32]],
])('the number %d as a varint', (value, bytes) => {
  expect([...new Writer().number(1, value).take()]).toEqual(bytes);
});

test('markup of the program is text in Markdown', () => {
  const info = {
    name: 'a_b.py',
    clock: 'virtual',
    pace: 0,
    seed: 0,
    requirements: [],
    platform: '',
  } as const;
  const text = asMarkdown(
    { ...info, requirements: [], python: '3.14.2', program: 'print("```")\n' },
    't = 0 s  main prints “<img> *x* [y](z)”.\n',
  );
  expect(text).toBe(
    [
      '# a\\_b.py',
      '',
      'Recorded by Loopscope on Python 3.14.2, under the virtual clock.',
      '',
      '## The program',
      '',
      '````python',
      'print("```")',
      '````',
      '',
      '## What it did',
      '',
      '- t = 0 s  main prints “\\<img\\> \\*x\\* \\[y\\](z)”.',
      '',
    ].join('\n'),
  );
});
