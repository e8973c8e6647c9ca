import { expect, test } from 'vitest';
import { grade, questionsFor, shuffled, truthOf } from '../../../web/src/lessons/grade';
import type { Question } from '../../../web/src/lessons/lesson';
import type { Trace } from '../../../web/src/trace/trace';
import { FakeLoop } from '../helpers/loop';

/**
 * main makes ada and bob, and gives way:
 *
 *     0 s   main 'made' · ada 'ada begins', sleeps 0.05 · bob 'bob begins', gives way · main 'and waits' for bob
 *           bob 'bob ends' · main 'main ends'
 *     50 ms ada 'ada ends'
 */
function run(): Trace {
  const loop = new FakeLoop();
  return loop
    .run('main', function* (self) {
      self.spawn('ada', function* () {
        self.print('ada begins\n');
        yield self.sleep(0.05);
        self.print('  ada ends \n');
      });
      const bob = self.spawn('bob', function* () {
        self.print('bob ');
        self.print('begins\n');
        yield 'yield';
        self.print('bob ends\n');
      });
      self.print('made\n');
      yield 'yield';
      self.print('and waits\n');
      yield bob;
      self.print('main ends\n');
    })
    .trace();
}

const trace = run();
const ask = <A extends Question['ask']>(question: Omit<Extract<Question, { ask: A }>, 'question'>) =>
  ({ question: '?', ...question }) as unknown as Question;
const order = ask<'order'>({ ask: 'order', line: ['ada ends', 'bob begins', 'made', 'and waits'] });

test('the order of lines is that of their printing, however they were written', () => {
  expect(truthOf(trace, order)?.answer).toEqual(['made', 'bob begins', 'and waits', 'ada ends']);
});

test('a prediction parts from what happened at its first wrong line, and there is the moment to look at', () => {
  const right = ['made', 'bob begins', 'and waits', 'ada ends'];
  expect(grade(trace, order, right)).toMatchObject({ right: true, parted: -1 });
  const wrong = grade(trace, order, ['made', 'and waits', 'bob begins', 'ada ends']);
  expect(wrong).toMatchObject({ right: false, parted: 1 });
  expect(wrong.event).toBe(wrong.truth?.events[1]);
  expect(trace.text(trace.aux.at(wrong.event))).toBe('bob ');
});

test('what did not happen answers nothing', () => {
  const none = grade(trace, ask<'order'>({ ask: 'order', line: ['made', 'never'] }), ['made', 'never']);
  expect(none).toMatchObject({ right: false, truth: undefined, event: -1 });
  expect(truthOf(trace, ask<'steps'>({ ask: 'steps', task: 'nobody' }))).toBeUndefined();
  expect(
    truthOf(trace, ask<'next'>({ ask: 'next', after: 'never', option: ['ada', 'bob'] })),
  ).toBeUndefined();
});

test('no prediction is not right, but has its answer', () => {
  expect(grade(trace, order, undefined)).toMatchObject({ right: false, given: undefined, parted: -1 });
  expect(grade(trace, order, undefined).truth?.answer).toHaveLength(4);
});

test('a duration is right within its tolerance, in its unit', () => {
  const question = ask<'duration'>({
    ask: 'duration',
    unit: 'ms',
    tolerance: '5',
    from: 'made',
    to: 'ada ends',
  });
  expect(truthOf(trace, question)?.answer).toBe(50);
  expect([44, 45, 50, 55, 56].map((given) => grade(trace, question, given).right)).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
  const whole = ask<'duration'>({ ask: 'duration', unit: 's', tolerance: '0' });
  expect(truthOf(trace, whole)?.answer).toBe(0.05);
});

test('which of several lines is printed', () => {
  const question = ask<'choice'>({ ask: 'choice', option: ['never', 'made'] });
  expect(grade(trace, question, 'made').right).toBe(true);
  expect(grade(trace, question, 'never').right).toBe(false);
});

test('how many steps a task has', () => {
  expect(truthOf(trace, ask<'steps'>({ ask: 'steps', task: 'main' }))?.answer).toBe(3);
  expect(truthOf(trace, ask<'steps'>({ ask: 'steps', task: 'bob' }))?.answer).toBe(2);
});

test('which task runs next', () => {
  const next = (after: string) =>
    truthOf(trace, ask<'next'>({ ask: 'next', after, option: ['ada', 'bob', 'main'] }))?.answer;
  expect(['made', 'ada begins', 'bob begins', 'and waits'].map(next)).toEqual(['ada', 'bob', 'main', 'bob']);
});

test('a step inside another one is nobody’s next', () => {
  const eager = new FakeLoop()
    .run('main', function* (self) {
      self.print('before\n');
      self.spawn(
        'eager',
        function* () {
          self.print('inside\n');
          yield 'yield';
        },
        true,
      );
      self.spawn('other', function* () {});
      yield 'yield';
    })
    .trace();
  expect(truthOf(eager, ask<'next'>({ ask: 'next', after: 'inside', option: ['a', 'b'] }))?.answer).not.toBe(
    'eager',
  );
});

test('who wakes a task: another one, a timer, itself, the program', () => {
  const waker = (task: string, resume?: string) =>
    truthOf(trace, ask<'waker'>({ ask: 'waker', task, option: [], ...(resume && { resume }) }))?.answer;
  expect(waker('ada')).toBe('timer');
  expect(waker('ada', '0')).toBe('main');
  expect(waker('bob')).toBe('itself');
  expect(waker('main', '2')).toBe('bob');
  expect(waker('main', '0')).toBe('program');
  expect(waker('main', '9')).toBeUndefined();
});

test('what is asked about any run: its lines in an order that tells nothing, and its length', () => {
  const { order: lines, duration } = questionsFor(trace);
  const truth = lines && truthOf(trace, lines)?.answer;
  expect(lines?.ask === 'order' && lines.line).not.toEqual(truth);
  expect(new Set(lines?.ask === 'order' ? lines.line : [])).toEqual(new Set(truth as string[]));
  expect(duration).toMatchObject({ ask: 'duration', unit: 'ms' });
  expect(duration && truthOf(trace, duration)?.answer).toBe(50);
});

test('shuffling is the same always, and never leaves the lines as they were', () => {
  for (const lines of [
    ['a', 'b'],
    ['b', 'a'],
    ['one', 'two', 'three', 'four'],
  ]) {
    expect(shuffled(lines)).toEqual(shuffled(lines));
    expect(shuffled(lines)).not.toEqual(lines);
    expect([...shuffled(lines)].sort()).toEqual([...lines].sort());
  }
});
