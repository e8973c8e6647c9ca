import { expect, test } from 'vitest';
import { lagAfter } from '../../../web/src/timeline/overview';
import { restAfter } from '../../../web/src/timeline/rhythm';

test('a cheap drawing may happen in every frame, a dear one leaves the page its time', () => {
  expect(restAfter(2)).toBe(0);
  expect(restAfter(6)).toBe(48);
});

test('growth is seen ten times a second, whatever a drawing costs', () => {
  expect(restAfter(12)).toBe(96);
  expect(restAfter(200)).toBe(100);
});

test('the strip of the whole run lags half a second at most, unless drawing it takes long', () => {
  expect(lagAfter(1)).toEqual({ soon: 250, due: 250 });
  expect(lagAfter(12)).toEqual({ soon: 250, due: 360 });
  expect(lagAfter(60)).toEqual({ soon: 250, due: 500 });
  expect(lagAfter(200)).toEqual({ soon: 800, due: 800 });
});
