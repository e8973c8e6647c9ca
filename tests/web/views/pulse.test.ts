import { expect, test } from 'vitest';
import { choiceOf, readChoice } from '../../../web/src/views/clock';
import { passed } from '../../../web/src/views/pulse';

test('on the real clock time goes on while the loop waits or runs, and stands still while it is held', () => {
  expect(passed('waits', { clock: 'real' }, 250)).toBe(0.25);
  expect(passed('runs', { clock: 'real' }, 250)).toBe(0.25);
  expect(passed('held', { clock: 'real' }, 250)).toBe(0);
  expect(passed('', { clock: 'real' }, 250)).toBe(0);
});

test('the virtual clock jumps; slowed down it goes on at its pace while the loop waits', () => {
  expect(passed('waits', { clock: 'virtual' }, 250)).toBe(0);
  expect(passed('waits', { clock: 'virtual', pace: 0.1 }, 250)).toBeCloseTo(0.025);
  expect(passed('runs', { clock: 'virtual', pace: 0.1 }, 250)).toBe(0);
});

test('the menu of clocks says which clock and how fast', () => {
  expect(readChoice('virtual')).toEqual({ clock: 'virtual', pace: 0 });
  expect(readChoice('virtual 0.01')).toEqual({ clock: 'virtual', pace: 0.01 });
  expect(readChoice('real')).toEqual({ clock: 'real', pace: 0 });
  expect(choiceOf('virtual', 0.01)).toBe('virtual 0.01');
  expect(choiceOf('real', 0.01)).toBe('real');
});
