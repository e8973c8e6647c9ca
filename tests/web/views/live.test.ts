import { expect, test } from 'vitest';
import { Trace } from '../../../web/src/trace/trace';
import { nextWords } from '../../../web/src/views/live';
import { FrameWriter, How, Kind } from '../helpers/frames';

/** main sleeps on timer 3; timer 4 wakes nobody. `next`: what the loop runs next. */
function heldBefore(next: number): Trace {
  const rows = new FrameWriter();
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain: rows.chain('main', 1) });
  rows.row(Kind.TIMER, { subject: 3, end: 0.05, via: 2, by: 1 });
  rows.row(Kind.TIMER, { subject: 4, end: 0.05, by: 1 });
  rows.row(Kind.STEP, { how: How.SUSPENDED, subject: 1, waits: 2 });
  const trace = new Trace();
  rows.feed(trace, { now: [0.05, 2, next, 0.05] });
  return trace;
}

test('a held program tells what the loop runs next', () => {
  expect(nextWords(heldBefore(1))).toBe('main’s next step');
  expect(nextWords(heldBefore(3))).toBe('the timer that wakes main');
  expect(nextWords(heldBefore(4))).toBe('the next timer');
  expect(nextWords(heldBefore(9))).toBe('the next callback');
});
