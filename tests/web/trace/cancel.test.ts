import { expect, test } from 'vitest';
import { cause } from '../../../web/src/trace/cause';
import { FrameWriter, How, Kind } from '../helpers/frames';

/** main (1) is woken twice; `rows` are written before its second and third step, from inside the step or outside of it. */
function third(before: 'second' | 'third', ...cancels: { by: number; how?: number }[]): string {
  const rows = new FrameWriter();
  for (const id of [1, 2])
    rows.row(Kind.TASK, {
      subject: id,
      aux: rows.text(`Task-${id}`),
      chain: rows.chain(id === 1 ? 'main' : 'foo', 1),
    });
  const cancel = (): void => {
    for (const cells of cancels) rows.row(Kind.CANCEL, { subject: 1, ...cells });
  };
  const step = (by: number): number =>
    rows.row(Kind.STEP, { how: How.SUSPENDED, subject: 1, by, ready_seq: 0 });
  step(0);
  if (before === 'second') cancel();
  step(2);
  if (before === 'third') cancel();
  const last = step(2);
  return cause(rows.trace(), last);
}

test('who asked a task to cancel is the cause of its next step', () => {
  expect(third('third', { by: 2 })).toBe('cancelled by foo');
});

test('what a task takes back, or asks while it runs, did not make it run', () => {
  expect(third('third', { by: 1, how: How.WITHDRAWN })).toBe('woken by foo');
  expect(third('third', { by: 1 })).toBe('woken by foo');
  expect(third('third', { by: 2 }, { by: 1, how: How.WITHDRAWN })).toBe('cancelled by foo');
});

test('what it asked of itself is felt in its next step', () => {
  expect(third('second', { by: 1 })).toBe('cancelled by main');
  expect(third('second', { by: 1 }, { by: 1, how: How.WITHDRAWN })).toBe('woken by foo');
  expect(third('second', { by: 2 })).toBe('woken by foo');
});
