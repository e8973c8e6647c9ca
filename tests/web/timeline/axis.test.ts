import { expect, test } from 'vitest';
import { bursts, niceStep, ticks } from '../../../web/src/timeline/axis';
import { Tracks } from '../../../web/src/trace/tracks';
import { type Coroutine, FakeLoop } from '../helpers/loop';

function tracksOf(main: Coroutine): Tracks {
  const tracks = new Tracks(new FakeLoop().run('main', main).trace());
  tracks.update();
  return tracks;
}

const twoSleeps: Coroutine = function* (loop) {
  yield loop.sleep(0.05);
  yield loop.sleep(0.1);
};

test('steps are 1, 2 or 5 times a power of ten', () => {
  expect([0.0011, 0.02, 0.3, 7].map(niceStep)).toEqual([0.002, 0.02, 0.5, 10]);
});

test('in the scale of time ticks are evenly spaced, with units', () => {
  const tracks = tracksOf(twoSleeps);
  tracks.setScale('time');
  const found = ticks(tracks, 0, 0.15 / 600, 600);
  expect(found.map((tick) => tick.label)).toEqual(['0 s', '50 ms', '100 ms', '150 ms']);
  expect(found.map((tick) => Math.round(tick.px))).toEqual([0, 200, 400, 600]);
  expect(bursts(tracks, 0, 0.15 / 600, 600)).toEqual([]);
});

test('in the scale of turns a tick stands where the clock reaches its time, and bursts hold the runs of an instant', () => {
  const tracks = tracksOf(twoSleeps);
  // beta 12.5 ms: main at 0; timer and main at 50 ms; timer and main at 150 ms. 1 px a millisecond of display.
  const dx = 0.001;
  const still = bursts(tracks, 0, dx, 300).map(({ from, to, clock, runs }) =>
    [from, to, clock, runs].map((n) => Math.round(n * 1000) / 1000),
  );
  expect(still).toEqual([
    [0, 12.5, 0, 1],
    [62.5, 87.5, 0.05, 2],
    [187.5, 212.5, 0.15, 2],
  ]);
  expect(ticks(tracks, 0, dx, 300).map(({ px, label }) => [Math.round(px * 10) / 10, label])).toEqual([
    [0, '0 s'],
    [137.5, '100 ms'],
  ]);
});

test('a window that begins inside a burst knows its instant', () => {
  const tracks = tracksOf(twoSleeps);
  const [first] = bursts(tracks, 0.08, 0.001, 100);
  expect(first).toMatchObject({ clock: 0.05, runs: 2 });
  expect(first!.from).toBeCloseTo(-17.5);
});

test('late in a long run, instants that are close together have labels that differ', () => {
  const tracks = tracksOf(function* (loop) {
    yield loop.sleep(208.5);
    yield loop.sleep(0.0003);
  });
  tracks.setScale('time');
  const labels = ticks(tracks, 208.5, 0.0003 / 300, 300).map((tick) => tick.label);
  expect(labels).toEqual(['208.5 s', '208.5001 s', '208.5002 s', '208.5003 s']);
  tracks.setScale('turns');
  const { beta } = tracks.scale;
  const from = tracks.scale.reaches(208.5);
  const told = bursts(tracks, from, (3 * beta) / 300, 300).map((burst) => burst.label);
  expect(told).toEqual([...new Set(told)]);
});

test('instants that are closer together than a tick is wide have labels that differ, too', () => {
  const tracks = tracksOf(function* (loop) {
    yield loop.sleep(1);
    for (let n = 0; n < 4; n++) yield loop.sleep(0.00004);
    yield loop.sleep(1);
  });
  tracks.setScale('turns');
  const { scale } = tracks;
  scale.beta = 0.0004;
  // A step is 40 pixels wide, and 40 µs are 4 pixels.
  const dx = 0.00001;
  const told = bursts(tracks, scale.reaches(1) - 10 * dx, dx, 600).map(({ label }) => label);
  expect(told).toEqual(['1 s', '1.00004 s', '1.00008 s', '1.00012 s', '1.00016 s']);
});
