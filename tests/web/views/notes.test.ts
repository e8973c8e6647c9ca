import { expect, test } from 'vitest';
import { Trace } from '../../../web/src/trace/trace';
import { findings } from '../../../web/src/views/panel/findings';
import { notes } from '../../../web/src/views/panel/notes';
import { FrameWriter, How, Kind } from '../helpers/frames';

function noting(...told: [text: string, line: number][]): Trace {
  const rows = new FrameWriter();
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain: rows.chain('main', 1) });
  for (const [text, line] of told)
    rows.row(Kind.NOTE, { by: 1, aux: rows.text(text), site: rows.chain('main', line) });
  rows.row(Kind.STEP, { how: How.RETURNED, subject: 1 });
  const trace = new Trace();
  rows.feed(trace);
  return trace;
}

test('what asyncio took from a set is told once, with every line where it did', () => {
  const told = notes(noting(['set order', 7], ['set order', 9], ['set order', 7]));
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ lines: [7, 9], event: 1 });
  expect(`${told[0]?.text} ${told[0]?.why}`).toMatch(/order of creation.*guarantees no order/);
});

test('a note that is not known is shown as it is', () => {
  expect(notes(noting(['something new', 3]))).toEqual([
    { id: 'note something new', title: 'Noted', text: 'something new', lines: [3], event: 1 },
  ]);
});

test('what the analysis tells is not told twice', () => {
  expect(notes(noting(['deadlock', 3], ['never awaited: foo at line 2', 4]))).toEqual([]);
});

test('notes stand quietly after what is wrong, and lead to the step they happened in', () => {
  const trace = noting(['executor', 4]);
  const list = findings(trace, { type: 'ValueError', message: 'no', line: 4 });
  expect(list.map(({ id, quiet, event }) => [id, quiet, event])).toEqual([
    ['failed', undefined, undefined],
    ['note executor', true, 2],
  ]);
});
