import { expect, test } from 'vitest';
import { nameOf } from '../../../web/src/timeline/names';
import { shortenMiddle } from '../../../web/src/timeline/text';
import { taskLabel } from '../../../web/src/trace/reason';
import { shortName } from '../../../web/src/trace/short';
import { Trace } from '../../../web/src/trace/trace';
import { Tracks } from '../../../web/src/trace/tracks';
import { FrameWriter, Kind } from '../helpers/frames';

/** Tasks, each by its coroutine and its name. */
function tasks(...of: [coroutine: string, name: string][]): Trace {
  const rows = new FrameWriter();
  of.forEach(([coroutine, name], k) => {
    const chain = coroutine ? rows.chain(coroutine, 1) : 0;
    rows.row(Kind.TASK, { subject: k + 1, aux: rows.text(name), chain });
  });
  const trace = new Trace();
  rows.feed(trace);
  return trace;
}

/** What they are called, everywhere. */
function names(...of: [coroutine: string, name: string][]): string[] {
  const trace = tasks(...of);
  return trace.tasks.map(({ id }) => taskLabel(trace, id));
}

test('a task is called what the program calls it, else as its coroutine; twins have their numbers', () => {
  expect(
    names(
      ['main', 'Task-1'],
      ['download', 'Task-2'],
      ['download', 'Task-3'],
      ['worker', 'worker-1'],
      ['worker', 'Ada'],
      ['main.<locals>.inner', 'Task-6'],
      ['', 'Task-7'],
      ['', 'nameless'],
    ),
  ).toEqual(['main', 'download 2', 'download 3', 'worker-1', 'Ada', 'inner', 'task 7', 'nameless']);
});

test('tasks of one name are told apart by what they run', () => {
  expect(names(['page', 'page'], ['page', 'Task-2'])).toEqual(['page', 'page 2']);
  expect(names(['work', 'Ada'], ['rest', 'Ada'])).toEqual(['Ada (work)', 'Ada (rest)']);
  expect(names(['a.<locals>.work', 'Task-1'], ['b.<locals>.work', 'Task-2'])).toEqual(['work 1', 'work 2']);
});

test('a row has the name that is told of its task', () => {
  const tracks = new Tracks(tasks(['main', 'Task-1'], ['work', 'Task-2'], ['work', 'Task-3']));
  tracks.update();
  tracks.rows.arrange(0, 1);
  expect(tracks.tree().map((row) => nameOf(tracks, row))).toEqual(['loop', 'main', 'work 2', 'work 3']);
});

test('of too long names the middle is cut out, and what tells them apart is left', () => {
  const long = [1, 2, 13].map((n) => shortName(`child with a long name number ${n}`, 16));
  expect(long).toEqual(['child with a… 1', 'child with a… 2', 'child with a… 13']);
  expect(shortName('the_reader_of_lines', 12)).toBe('the_r…_lines');
  expect(shortName('main', 12)).toBe('main');
});

test('a name is cut to the room that it has', () => {
  const measure = { font: '', measureText: (text: string) => ({ width: text.length }) as TextMetrics };
  expect(shortenMiddle(measure, 'names', 'child with a long name number 7', 16)).toBe('child with a… 7');
  expect(shortenMiddle(measure, 'names', 'main', 16)).toBe('main');
  // However long it is, a name without a number has room for its begin and its end.
  const sentence = 'a task whose name is a whole sentence, told by somebody patient';
  expect(shortenMiddle(measure, 'names', sentence, 16)).toBe('a task w…patient');
});
