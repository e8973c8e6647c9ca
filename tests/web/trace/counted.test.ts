import { expect, test } from 'vitest';
import { counted } from '../../../web/src/trace/counted';

test('a count is read in groups of three digits, as English has them', () => {
  for (const count of [0, 7, 999, 1000, 12_345, 100_000, 1_234_567, 10_000_000])
    expect(counted(count)).toBe(count.toLocaleString('en'));
});
