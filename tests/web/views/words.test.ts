import { expect, describe as group, test } from 'vitest';
import { Instants } from '../../../web/src/trace/instant';
import { narration } from '../../../web/src/trace/narrate';
import type { Trace } from '../../../web/src/trace/trace';
import { Tracks } from '../../../web/src/trace/tracks';
import { describe } from '../../../web/src/views/panel/describe';
import { lineMarks } from '../../../web/src/views/panel/moment';
import { StepIndex } from '../../../web/src/views/steps';
import { emptyRun, type Run } from '../../../web/src/views/store';
import { FakeLoop } from '../helpers/loop';

/** main starts a child that sleeps, and waits for it: line 1 is a coroutine's first, line 2 where it awaits. */
function example(): Trace {
  const loop = new FakeLoop();
  loop.run('main', function* (self) {
    self.print('hello\n');
    const end = self.spawn('child', function* () {
      yield self.sleep(0);
      yield self.sleep(0.05);
      self.print('woke\nup\n');
    });
    yield end;
  });
  return loop.rows.trace();
}

function runOf(trace: Trace): Run {
  const tracks = new Tracks(trace);
  const steps = new StepIndex();
  steps.update(trace);
  return { ...emptyRun('', false), trace, tracks, instants: new Instants(tracks), steps };
}

group('a run is told', () => {
  test('in sentences, step by step', () => {
    expect(narration(example()).split('\n')).toEqual([
      't = 0.000 s  main starts: started by the program. It prints “hello”, creates child and waits for a future at line 2.',
      't = 0.000 s  child starts: created by main. It yields.',
      't = 0.000 s  child resumes: it yielded and took its next turn. It waits for sleep(0.05) at line 2.',
      't = 0.000 s  Nothing is ready: the loop waits for 50 ms.',
      't = 0.050 s  A timer of 50 ms that child armed comes due: the loop calls fire.',
      't = 0.050 s  child resumes at line 2: its timer, armed by sleep(0.05), came due. It prints “woke”, “up” and returns: the task is done.',
      't = 0.050 s  main resumes at line 2: woken by child. It returns: the task is done.',
      't = 0.050 s  The program ends.',
      '',
    ]);
  });

  test('with the lines on which everybody stands at a moment', () => {
    const run = runOf(example());
    const at = (position: number): string[] =>
      lineMarks(run, run.steps.at(position)).map(({ line, kind, note }) => `${line} ${kind}: ${note}`);
    expect(at(0)).toEqual(['2 run: main waits for a future', '1 run: main starts here']);
    expect(at(2)).toEqual(['2 task: main waits for a future', '2 run: child waits for sleep(0.05)']);
    expect(at(4)).toEqual([
      '2 ready: main is ready to go on, next in line',
      '2 run: child resumes here, returns: the task is done',
    ]);
    expect(lineMarks(run, -1)).toEqual([]);
  });

  test('step by step in facts', () => {
    const run = runOf(example());
    run.tracks.update();
    const { title, facts } = describe(run.tracks, run.steps.at(4));
    expect(title).toBe('child, step 3 of 3');
    expect(facts.map(({ term, text }) => `${term}: ${text}`)).toEqual([
      'Why now: Its timer, armed by sleep(0.05), came due',
      'Ran: t = 0.050 s',
      'Queue: Ran as soon as it was ready',
      'Resumes at: line 2',
      'Prints: “woke”, “up”',
      'Then: Returns: the task is done',
    ]);
  });
});

group('steps', () => {
  test('are walked over from either end, and no further', () => {
    const { trace, steps } = runOf(example());
    expect(steps.count).toBe(6);
    expect(steps.from(-1, 1)).toBe(steps.at(0));
    expect(steps.from(-1, -1)).toBe(steps.at(5));
    expect(steps.from(steps.at(0), -1)).toBe(steps.at(0));
    expect(steps.from(steps.at(0), 1)).toBe(steps.at(1));
    expect(steps.from(steps.at(5), 1)).toBe(steps.at(5));
    expect(steps.from(steps.at(3), -Infinity)).toBe(steps.at(0));
    expect(steps.from(-1, Infinity)).toBe(steps.at(5));
    // From an event between two steps.
    expect(steps.from(steps.at(2) + 1, -1)).toBeLessThanOrEqual(steps.at(2));
    expect(steps.upTo(trace.count)).toBe(6);
    expect(new StepIndex().from(-1, 1)).toBe(-1);
  });
});
