import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare, difference } from '../../../web/src/compare/comparison';
import { lanesOf } from '../../../web/src/compare/lanes';
import { matchTasks, pathsOf } from '../../../web/src/compare/match';
import { partingsOf } from '../../../web/src/compare/parting';
import { timesOf } from '../../../web/src/compare/times';
import type { Trace } from '../../../web/src/trace/trace';
import { tracksOf } from '../../../web/src/trace/tracks';
import { FakeLoop } from '../helpers/loop';
import { randomProgram, traceOf } from '../helpers/programs';

/** main starts two workers, which sleep for so long, and one more if it is told to. */
function run(seconds: readonly number[]): Trace {
  const loop = new FakeLoop();
  loop.run('main', function* (self) {
    const ends = seconds.map((each) =>
      self.spawn('worker', function* () {
        yield self.sleep(each);
        self.print('done\n');
      }),
    );
    for (const end of ends) yield end;
  });
  return loop.rows.trace();
}

describe('tasks of two runs', () => {
  test('are the same where they were created on the same path', () => {
    expect([...pathsOf(run([0.1, 0.2])).values()]).toEqual(['main', 'main/worker', 'main/worker 2']);
    const pairs = matchTasks(run([0.1]), run([0.1, 0.2]));
    expect(pairs.map(({ path, depth, tasks }) => [path, depth, tasks.map(Boolean)])).toEqual([
      ['main', 0, [true, true]],
      ['main/worker', 1, [true, true]],
      ['main/worker 2', 1, [false, true]],
    ]);
  });

  test('all appear once, whatever the runs are', () => {
    fc.assert(
      fc.property(randomProgram(), randomProgram(), (one, two) => {
        const [a, b] = [traceOf(one), traceOf(two)];
        const pairs = matchTasks(a, b);
        const side = (k: 0 | 1): number => new Set(pairs.map(({ tasks }) => tasks[k]).filter(Boolean)).size;
        expect([side(0), side(1)]).toEqual([a.tasks.length, b.tasks.length]);
        expect(new Set(pairs.map(({ path }) => path)).size).toBe(pairs.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('where two runs part', () => {
  test('nowhere, if they are the same', () => {
    fc.assert(
      fc.property(randomProgram(), (program) => {
        const [a, b] = [traceOf(program), traceOf(program)];
        expect(partingsOf(a, b)).toEqual({ decision: undefined, step: undefined });
        expect(compare(a, b).tasks.every(({ longer }) => longer === 0)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('at the first handle that another one took the place of', () => {
    const [a, b] = [run([0.1, 0.2]), run([0.2, 0.1])];
    const { decision, step } = partingsOf(a, b);
    // main, then both workers begin; each sleeps for another time; the other one wakes first.
    expect(step?.alike).toBe(1);
    const who = decision?.events.map((event, side) => {
      const trace = [a, b][side] as Trace;
      return pathsOf(trace).get(trace.subject.at(event));
    });
    expect(who).toEqual(['main/worker', 'main/worker 2']);
  });

  test('at the end of the shorter one', () => {
    const { decision } = partingsOf(run([]), run([0.1]));
    expect(decision?.events[0]).toBe(-1);
  });
});

test('what two runs differ in, told in words', () => {
  expect(compare(run([0.1, 0.2]), run([0.1, 0.4, 0.1])).told).toMatchInlineSnapshot(`
    [
      "The kept run took 200 ms, this one 400 ms: 200 ms longer.",
      "3 tasks are in both; worker 7 is in this one only.",
      "The first difference is in worker 5, at t = 0 s: in the kept run it waits for sleep(0.2), in this one it waits for sleep(0.4).",
      "They are alike for the first 3 handles, then they part: the kept run fired a timer of worker 3 at t = 100 ms, this one ran worker 7 at t = 0 s.",
      "Lived longer or shorter: main: 200 ms longer; worker 5: 200 ms longer.",
    ]
  `);
  expect(compare(run([0.1]), run([0.1])).told).toEqual([
    'Both runs took 100 ms.',
    '2 tasks are in both.',
    'The loop ran the same handles in the same order in both.',
  ]);
});

test.each([
  [0, 'as long'],
  [0.05, '50 ms longer'],
  [-2, '2 s shorter'],
])('a difference of %d s is %s', (seconds, words) => {
  expect(difference(seconds)).toBe(words);
});

test("a task's time is what it ran, waited and was queued, and nothing else", () => {
  fc.assert(
    fc.property(randomProgram(), (program) => {
      const trace = traceOf(program);
      const tracks = tracksOf(trace);
      tracks.read();
      for (const task of trace.tasks) {
        const times = timesOf(trace, task, tracks.stepsOf(task.index + 1));
        expect(times.ran + times.waited + times.queued).toBeCloseTo(times.life, 9);
        expect(times.steps).toBe(task.steps);
      }
    }),
    { numRuns: 60 },
  );
});

test('both runs lie on one axis', () => {
  const [a, b] = [run([0.1]), run([0.4])];
  const lanes = lanesOf([a, b]);
  const end = (side: 0 | 1, trace: Trace): number =>
    lanes.bars(side, trace.tasks[0] as Trace['tasks'][number]).at(-1)?.to ?? 0;
  expect(end(1, b)).toBeCloseTo(1, 1);
  expect(end(0, a)).toBeLessThan(0.75);
  expect(lanes.at(0, 0)).toBe(lanes.at(1, 0));
});
