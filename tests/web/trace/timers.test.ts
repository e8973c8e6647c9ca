/** Which timer an id means: its own, or the one that will resolve it. */
import { expect, test } from 'vitest';
import { Trace } from '../../../web/src/trace/trace';
import { FrameWriter, Kind } from '../helpers/frames';

test('an id leads to its own row and to the timer that will resolve it, in whichever order they come', () => {
  const rows = new FrameWriter();
  const trace = new Trace();
  const future = rows.text('Future');
  rows.row(Kind.OBJECT, { subject: 5, aux: future });
  rows.row(Kind.TIMER, { subject: 10, via: 5, end: 1 });
  rows.row(Kind.TIMER, { subject: 11, via: 6, end: 2 });
  rows.row(Kind.OBJECT, { subject: 6, aux: future });
  rows.row(Kind.TIMER, { subject: 12, via: 7, end: 3 });
  rows.row(Kind.TIMER, { subject: 13, via: 13, end: 4 });
  rows.feed(trace);
  expect([5, 6, 7, 10, 13].map((id) => trace.object(id))).toEqual(['Future', 'Future', ...Array(3)]);
  expect([5, 6, 7, 13, 10].map((id) => trace.timerRowOf(id))).toEqual([1, 2, 4, 5, -1]);
  expect([10, 11, 12, 13, 5, 7].map((id) => trace.timerRow(id))).toEqual([1, 2, 4, 5, -1, -1]);
  // A second timer for the same future takes the place of the first.
  rows.row(Kind.TIMER, { subject: 14, via: 7, end: 5 });
  rows.row(Kind.TIMER, { subject: 15, via: 5, end: 5 });
  rows.feed(trace);
  expect([5, 7].map((id) => trace.timerOfFuture(id)?.id)).toEqual([15, 14]);
});
