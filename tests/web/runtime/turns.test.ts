/** So many at once, and no more. */
import { expect, it } from 'vitest';
import { createTurns } from '../../../web/src/runtime/turns';

it('lets no more than so many be under way, whoever comes at the moment when one ends', async () => {
  const inTurn = createTurns(2);
  let under = 0;
  let most = 0;
  const order: number[] = [];
  const work = (n: number) =>
    inTurn(async () => {
      most = Math.max(most, ++under);
      order.push(n);
      await Promise.resolve();
      under--;
      if (n === 2) throw new Error('it went wrong');
      return n;
    });
  const first = [1, 2, 3, 4, 5].map(work);
  // These come while the first ones hand their places on.
  const later = Promise.resolve().then(() => Promise.all([6, 7, 8].map(work)));
  const told = await Promise.allSettled(first);
  expect(told.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, true, true]);
  expect(await later).toEqual([6, 7, 8]);
  expect(most).toBe(2);
  expect(order).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
