import { expect, test } from 'vitest';
import { Viewport } from '../../../web/src/timeline/viewport';

function viewport(): Viewport {
  const view = new Viewport();
  view.bound(10, 0.1, 1000, 600, 300);
  view.fit();
  return view;
}

test('fit shows the whole run with a little air', () => {
  const view = viewport();
  expect(view.whole).toBe(true);
  expect(view.x0).toBeLessThan(0);
  expect(view.toPx(10)).toBeGreaterThan(930);
});

test('what is under the pointer stays there while zooming', () => {
  const view = viewport();
  const x = view.toX(321);
  view.zoom(0.3, 321);
  view.zoom(0.5, 321);
  expect(view.toPx(x)).toBeCloseTo(321);
  expect(view.whole).toBe(false);
  for (let k = 0; k < 200; k++) view.zoom(1.5, 321);
  expect(view.whole).toBe(true);
});

test('zoom ends where a step fills the picture, pan where the run ends', () => {
  const view = viewport();
  for (let k = 0; k < 200; k++) view.zoom(0.5, 500);
  expect(0.1 / view.dx).toBeCloseTo(600);
  view.pan(1e9);
  expect(view.x1).toBeGreaterThanOrEqual(10);
  expect(view.x0).toBeLessThan(10);
  view.pan(-1e9);
  expect(view.x0).toBeLessThanOrEqual(0);
});

test('rows scroll as far as there are rows', () => {
  const view = viewport();
  view.scroll(1e6);
  expect(view.top).toBe(300);
  view.revealRow(0, 30);
  expect(view.top).toBe(0);
  view.revealRow(570, 30);
  expect(view.top).toBe(300);
});

test('following shows everything while it is sparse, then the latest', () => {
  const view = viewport();
  view.follow(50, 5);
  expect(view.whole).toBe(true);
  view.follow(10_000, 5);
  expect(view.whole).toBe(false);
  expect(view.x1).toBeGreaterThan(10);
  expect(view.toPx(10)).toBeGreaterThan(900);
});

test('the window snaps to device pixels', () => {
  const view = viewport();
  view.zoom(0.5, 100);
  const pixel = view.dx / 2;
  expect(Math.abs(view.snapped(2) - view.x0)).toBeLessThanOrEqual(pixel / 2 + 1e-12);
  expect(view.snapped(2) / pixel).toBeCloseTo(Math.round(view.snapped(2) / pixel), 6);
});
