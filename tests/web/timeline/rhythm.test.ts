import { expect, test } from 'vitest';
import { restAfter } from '../../../web/src/timeline/rhythm';

test('a cheap drawing may happen in every frame, a dear one leaves the page its time', () => {
  expect(restAfter(2)).toBe(0);
  expect(restAfter(6)).toBe(48);
});

test('growth is seen ten times a second, whatever a drawing costs', () => {
  expect(restAfter(12)).toBe(96);
  expect(restAfter(200)).toBe(100);
});
