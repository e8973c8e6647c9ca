import { expect, test } from 'vitest';
import type { Trace } from '../../../web/src/trace/trace';
import { outputWords, timerWords } from '../../../web/src/views/panel/moment';
import { emptyRun, type Run } from '../../../web/src/views/store';
import { FrameWriter, How, Kind } from '../helpers/frames';

function runOf(rows: FrameWriter): Run {
  const run = emptyRun('', false);
  rows.feed(run.trace);
  run.tracks.update();
  return run;
}

/** What the panel tells of the output at each of some rows. */
function told(...texts: [number, string][]): string[] {
  const rows = new FrameWriter();
  for (const [how, text] of texts) rows.row(Kind.OUTPUT, { how, aux: rows.text(text) });
  const run = runOf(rows);
  return texts.map((_, k) => outputWords(run.instants.at(k).written, run.instants.written(Infinity)));
}

const LOST = 'Traceback (most recent call last):\n  File "main.py", line 1, in f\nValueError: lost\n';

test('a program that only prints', () => {
  expect(told([How.STDOUT, 'a\n'], [How.STDOUT, 'b\n'])).toEqual(['1 of 2 prints', 'all of it: 2 prints']);
  expect(told([How.STDOUT, 'a\n'], [How.STDERR, 'b\n'])).toEqual(['1 of 2 prints', 'all of it: 2 prints']);
});

test('a traceback on standard error is no print', () => {
  expect(told([How.STDOUT, 'a\n'], [How.STDERR, LOST])).toEqual([
    '1 of 1 print, 0 of 1 traceback',
    'all of it: 1 print, 1 traceback',
  ]);
  expect(told([How.STDERR, `Task exception was never retrieved\nfuture: <Task>\n${LOST}`])).toEqual([
    'all of it: 1 traceback',
  ]);
  // On standard output it is what the program printed.
  expect(told([How.STDOUT, LOST])).toEqual(['all of it: 1 print']);
});

test('a traceback that is written line by line is one, and what comes after it is a print', () => {
  expect(
    told(
      [How.STDERR, 'Traceback (most recent call last):\n'],
      [How.STDERR, '  File "main.py", line 1, in f\n    lost()\n'],
      [How.STDERR, 'ValueError: lost\n'],
      [How.STDERR, '\nDuring handling of the above exception, another exception occurred:\n\n'],
      [How.STDERR, LOST],
      [How.STDERR, 'went on\n'],
      [How.STDOUT, '  as before\n'],
    ).at(-1),
  ).toBe('all of it: 2 prints, 2 tracebacks');
  expect(
    told(
      [How.STDERR, '  + Exception Group Traceback (most recent call last):\n'],
      [How.STDERR, '  | ExceptionGroup: two (2 sub-exceptions)\n'],
      [How.STDERR, '    +------------------------------------\n'],
      [How.STDERR, 'went on\n'],
    ).at(-1),
  ).toBe('all of it: 1 print, 1 traceback');
});

test('what was typed is no print', () => {
  expect(told([How.STDOUT, 'Name? '], [How.ECHO, 'Ada\n'])).toEqual([
    '1 of 1 print, 0 of 1 line typed',
    'all of it: 1 print, 1 line typed',
  ]);
});

/** What is told of a timer of 500 ms that main armed for a callback. */
function timerOf(name: string, waits = false): string {
  const rows = new FrameWriter();
  const chain = rows.chain('main', 4, 'sleep', 'sleep');
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain });
  const armed = rows.row(Kind.TIMER, { subject: 7, by: 1, via: 8, end: 0.5, aux: rows.text(name), site: 1 });
  rows.row(Kind.STEP, { how: How.SUSPENDED, subject: 1, waits: waits ? 8 : 9, chain });
  // Somebody else runs: who waits is told of the others.
  rows.row(Kind.CALLBACK, { subject: 5, ready_seq: 2, aux: rows.text('x') });
  const run = runOf(rows);
  const trace: Trace = run.trace;
  return timerWords(trace, run.instants.at(3), trace.timerAt(armed));
}

test('a timer tells what it will do, and who armed it', () => {
  expect(timerOf('_set_result_unless_cancelled', true)).toBe('wakes main');
  expect(timerOf('_set_result_unless_cancelled')).toBe('a wait of 500 ms that main began at line 4 is over');
  expect(timerOf('Timeout._on_timeout')).toBe('the timeout of 500 ms that main set at line 4 is over');
  expect(timerOf('_release_waiter')).toBe('the time limit of 500 ms that main set at line 4 is over');
  expect(timerOf('Event.set')).toBe('calls Event.set, which main asked for at line 4');
});
