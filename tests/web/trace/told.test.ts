import { expect, test } from 'vitest';
import { effects } from '../../../web/src/trace/effects';
import { decimals, sentence, startBefore, told, toldAt } from '../../../web/src/trace/narrate';
import { pathLinks } from '../../../web/src/trace/path';
import { awaited } from '../../../web/src/trace/reason';
import { Kind as Kinds, type Link, type Trace } from '../../../web/src/trace/trace';
import { FrameWriter, How, Kind } from '../helpers/frames';
import { FakeLoop } from '../helpers/loop';

/** main takes its turn many times; in some it makes a task that runs at once. */
function turns(count: number): Trace {
  const loop = new FakeLoop();
  loop.run('main', function* (self) {
    for (let k = 0; k < count; k++) {
      self.print(`${k}\n`);
      if (k % 7 === 0)
        self.spawn(
          'eager',
          function* () {
            self.print('inside\n');
            yield 'yield';
          },
          true,
        );
      yield 'yield';
    }
  });
  return loop.rows.trace();
}

test('a part of a run is told as it is within the whole', () => {
  const trace = turns(60);
  const all = told(trace, Infinity).events;
  for (let event = 0; event < trace.count; event++) {
    const from = startBefore(trace, event, 5);
    const { events } = told(trace, 20, from);
    const first = all.indexOf(events[0] as number);
    expect(events).toEqual(all.slice(first, first + events.length));
    const here = toldAt(trace, event);
    expect(all).toContain(here);
    if (here >= event) expect(events).toContain(here);
  }
});

test('what a step did leads to its sentence, what nobody tells to the next one', () => {
  const trace = turns(3);
  const print = Array.from({ length: trace.count }, (_, i) => i).find(
    (i) => trace.kind.at(i) === Kinds.OUTPUT,
  ) as number;
  expect(sentence(trace, toldAt(trace, print))).toContain('main starts');
  expect(toldAt(trace, -1)).toBe(-1);
});

test('what a step prints before it is over has a sentence until then', () => {
  const rows = new FrameWriter();
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain: rows.chain('main', 1) });
  rows.row(Kind.OUTPUT, { how: How.STDOUT, by: 1, aux: rows.text('busy\n') });
  const trace = rows.trace();
  expect(told(trace, 9).events.map((event) => sentence(trace, event))).toEqual([
    'The program prints “busy”.',
  ]);
});

test('instants have as many digits as tell them apart', () => {
  expect(decimals([])).toBe(3);
  expect(decimals([0, 0.05, 0.1])).toBe(3);
  expect(decimals([0, 0, 0.00025])).toBe(4);
  expect(decimals([0.1, 0.10001])).toBe(5);
  expect(decimals([0.1, 0.100000001])).toBe(6);
});

test('short turns of one task are one link of the critical path', () => {
  const links: Link[] = [];
  let t = 0;
  const add = (seconds: number, text: string): void => {
    links.push({ begin: t, end: t + seconds, task: 1, event: links.length, text });
    t += seconds;
  };
  add(0.1, 'poll waits 100 ms for sleep(0.1), line 2.');
  for (let k = 0; k < 400; k++) {
    add(4e-6, 'poll runs for 4 µs from line 3; nobody else has a turn.');
    add(6e-6, 'poll is ready, and waits 6 µs for its turn behind a and b.');
  }
  add(0.2, 'poll runs for 200 ms from line 3; nobody else has a turn.');
  expect(
    pathLinks({ path: links } as Trace).map(({ begin, text }) => [Number(begin.toFixed(6)), text]),
  ).toEqual([
    [0, 'poll waits 100 ms for sleep(0.1), line 2.'],
    [0.1, 'poll takes 400 turns, about 10 µs each.'],
    [0.104, 'poll runs for 200 ms from line 3; nobody else has a turn.'],
  ]);
  expect(pathLinks({ path: links.slice(1, 5) } as Trace)).toEqual(links.slice(1, 5));
});

test('who waits for a semaphore is told who holds it now, not who held it when the wait began', () => {
  const rows = new FrameWriter();
  for (const [id, name] of [
    [1, 'foo'],
    [2, 'bar'],
    [3, 'baz'],
  ] as const)
    rows.row(Kind.TASK, { subject: id, aux: rows.text(`Task-${id}`), chain: rows.chain(name, 1) });
  const wait = rows.chain('wait', 3, 'sync', 'Semaphore.acquire');
  rows.row(Kind.STATE, { subject: 9, aux: 1 });
  rows.row(Kind.STATE, { subject: 9, by: 1, aux: 0 });
  const bar = rows.row(Kind.STEP, { how: How.SUSPENDED, subject: 2, chain: wait, aux: 9 });
  const baz = rows.row(Kind.STEP, { how: How.SUSPENDED, subject: 3, chain: wait, aux: 9 });
  rows.row(Kind.STATE, { subject: 9, by: 1, aux: 1 });
  rows.row(Kind.STATE, { subject: 9, by: 1, aux: 0 });
  const trace = rows.trace();
  trace.primitives.set(9, { type: 'Semaphore', name: 'sem', site: 0, bound: 1 });
  expect(awaited(trace, bar)).toBe('sem.acquire, held by foo');
  expect(awaited(trace, baz)).toBe('sem.acquire, held by foo');
  expect(awaited(trace, baz, trace.count)).toBe('sem.acquire, held by bar');
});

test('a timeout of the real clock is told as it was asked for, one of the virtual clock exactly', () => {
  const timeout = (loop: number, seconds: number): string[] => {
    const rows = new FrameWriter();
    rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain: rows.chain('main', 1) });
    rows.row(Kind.LOOP, { how: How.BEGIN, subject: loop });
    rows.row(Kind.TIMER, {
      t: 2,
      end: 2 + seconds,
      subject: 2,
      by: 1,
      aux: rows.text('Timeout._on_timeout'),
    });
    const step = rows.row(Kind.STEP, { how: How.RETURNED, subject: 1 });
    return effects(rows.trace(), step);
  };
  expect(timeout(77, 0.09998)).toEqual(['sets a timeout of 100 ms']);
  expect(timeout(77, 0.12494)).toEqual(['sets a timeout of 125 ms']);
  expect(timeout(77, 0.1)).toEqual(['sets a timeout of 100 ms']);
  expect(timeout(77, 0.000123)).toEqual(['sets a timeout of 123 µs']);
  expect(timeout(0, 0.09998)).toEqual(['sets a timeout of 99.98 ms']);
  expect(timeout(0, Infinity)).toEqual(['sets a timeout of inf']);
});

test('a timer that comes late tells who kept the loop busy; that a clock is a little slow is nobody’s doing', () => {
  const wokenAt = (seconds: number): string => {
    const rows = new FrameWriter();
    const aux = rows.text('_set_result_unless_cancelled');
    const chain = rows.chain('beat', 2, 'sleep', 'sleep');
    rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain: rows.chain('beat', 1) });
    rows.row(Kind.TIMER, { end: 0.1, subject: 2, by: 1, via: 3, aux });
    rows.row(Kind.STEP, { how: How.SUSPENDED, subject: 1, waits: 3, chain });
    rows.row(Kind.IDLE, { how: How.TIMER, end: seconds });
    const late = { t: seconds, end: seconds, ready: seconds, ready_seq: 4 };
    rows.row(Kind.CALLBACK, { ...late, how: How.TIMER, subject: 2, by: 1, aux });
    const step = rows.row(Kind.STEP, { ...late, how: How.RETURNED, subject: 1, by: 2, via: 3 });
    return sentence(rows.trace(), step).replace(/^.*came due\. /, '');
  };
  expect(wokenAt(0.1)).toBe('It returns: the task is done.');
  expect(wokenAt(0.103)).toBe('It returns: the task is done.');
  expect(wokenAt(1.1)).toBe('It was due 1 s before. It returns: the task is done.');
});
