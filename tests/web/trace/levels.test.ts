/** Numbers over time against what is counted one by one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Instants } from '../../../web/src/trace/instant';
import type { Raster } from '../../../web/src/trace/levels';
import { Trace } from '../../../web/src/trace/trace';
import { Tracks } from '../../../web/src/trace/tracks';
import { FrameWriter, How, Kind } from '../helpers/frames';
import { FakeLoop } from '../helpers/loop';
import { randomProgram, traceOf } from '../helpers/programs';

const WIDTH = 60;

const window = fc.record({
  from: fc.double({ min: -0.2, max: 1, noNaN: true }),
  zoom: fc.double({ min: 0, max: 8, noNaN: true }),
  scale: fc.constantFrom('turns' as const, 'time' as const),
});

test('the ready queue is as long as the state at an instant tells, at every zoom', () => {
  fc.assert(
    fc.property(randomProgram(), window, (program, { from, zoom, scale: name }) => {
      const tracks = new Tracks(traceOf(program));
      tracks.update();
      tracks.setScale(name);
      const { scale, trace } = tracks;
      const now = scale.now() || 1;
      const x0 = from * now;
      const dx = now / WIDTH / 2 ** zoom;
      const { ready } = tracks.levels;
      const { least, most } = ready.raster(x0, dx, WIDTH);
      const instants = new Instants(tracks);
      const { runs } = scale;
      const rows = Array.from({ length: runs.count }, (_, k) => runs.rowOf(k));
      let greatest = 0;
      rows.forEach((row, k) => {
        const first = runs.firstOf(k);
        // Timers fire between two rows.
        const fired = rows.filter((r) => trace.how.at(r) === How.TIMER && trace.readySeq.at(r) === first);
        const before = first === 0 ? 0 : instants.at(first - 1).queue.length + fired.length;
        greatest = Math.max(greatest, before);
        const px = (scale.begin(row) - x0) / dx;
        const c = Math.floor(px);
        // What begins on the very edge of a pixel belongs to either.
        if (Math.abs(px - Math.round(px)) < 1e-6) return;
        if (first === 0 || c < 0 || c >= WIDTH) return;
        expect(least[c]).toBeLessThanOrEqual(before - 1);
        expect(most[c]).toBeGreaterThanOrEqual(before);
      });
      expect(ready.most).toBe(greatest);
    }),
  );
});

test('a loop that runs three tasks in turn: three wait, two, one, and again', () => {
  const loop = new FakeLoop();
  loop.run('main', function* (self) {
    for (const name of ['a', 'b', 'c']) {
      self.spawn(name, function* () {
        yield 'yield';
      });
    }
    yield 'yield';
  });
  const tracks = new Tracks(loop.rows.trace());
  tracks.update();
  // Four pixels a run: main, a, b, c, main, a, b, c.
  const { ready } = tracks.levels;
  const { least, most, tooMuch } = ready.raster(0, tracks.scale.beta / 4, 32);
  expect([tooMuch, ready.most]).toEqual([false, 4]);
  expect([...most].filter((_, c) => c % 4 === 3)).toEqual([3, 3, 3, 3, 3, 2, 1, 0]);
  expect([...least].filter((_, c) => c % 4 === 1)).toEqual([1, 3, 3, 3, 3, 2, 1, 0]);
});

/** Not on the edge of any pixel. */
const at = (k: number): number => k + 0.070710678;

/** A queue whose length goes 0, 1, 2 … `values` at one a handle run. */
function queueOf(values: readonly number[]): Tracks {
  const rows = new FrameWriter();
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain: rows.chain('main', 1) });
  rows.row(Kind.LOOP, { how: How.BEGIN });
  for (const [k, value] of values.entries()) {
    const t = at(k);
    rows.row(Kind.STATE, { subject: 7, by: 1, aux: value, t });
    rows.row(Kind.STEP, { how: How.YIELDED, subject: 1, t, end: t, ready_seq: rows.count });
  }
  rows.row(Kind.EXIT, { t: values.length });
  const trace = new Trace();
  rows.feed(trace, { objects: [[7, 'Queue', 'jobs', 0, 5]] });
  const tracks = new Tracks(trace);
  tracks.update();
  tracks.setScale('time');
  return tracks;
}

test('a queue has the least and greatest number of items in each pixel, and nothing before it was made', () => {
  const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 700 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.3, max: 40, noNaN: true }), (list, dx) => {
      const tracks = queueOf(list);
      const [, jobs] = tracks.levels.chosen(1);
      expect(jobs?.most).toBe(Math.max(...list));
      const raster = jobs?.raster(-dx, dx, WIDTH) as Raster;
      const together = list.filter((_, k) => at(k) < -dx + dx * WIDTH).length > 2 * WIDTH ? 4 : 1;
      for (let c = 0; c < WIDTH; c++) {
        const a = -dx + Math.floor(c / together) * together * dx;
        if (a > list.length) continue;
        const entering = list.filter((_, k) => at(k) < a).at(-1);
        const there = list.filter((_, k) => at(k) >= a && at(k) < a + together * dx);
        const seen = entering === undefined ? there : [entering, ...there];
        expect(raster.least[c]).toBe(seen.length ? Math.min(...seen) : -1);
        expect(raster.most[c]).toBe(seen.length ? Math.max(...seen) : -1);
      }
    }),
  );
});

test('those queues are chosen that changed most often, in order of creation', () => {
  const rows = new FrameWriter();
  const changes = [1, 3, 2];
  for (const [q, times] of changes.entries())
    for (let k = 0; k < times; k++) rows.row(Kind.STATE, { subject: 10 + q, aux: k });
  const queues = changes.map((_, q): [number, string, string, number, number] => [10 + q, 'Queue', '', 0, 0]);
  const trace = new Trace();
  rows.feed(trace, { objects: queues });
  const tracks = new Tracks(trace);
  tracks.update();
  expect(tracks.levels.chosen(2).map(({ id }) => id)).toEqual([0, 11, 12]);
});

test('of a very long run the ready queue is told where few handles are in view', () => {
  const rows = new FrameWriter();
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain: rows.chain('main', 1) });
  rows.row(Kind.LOOP, { how: How.BEGIN });
  for (let k = 0; k < 60_000; k++)
    rows.row(Kind.STEP, {
      how: How.YIELDED,
      subject: 1,
      by: 1,
      t: k,
      end: k,
      ready: k,
      ready_seq: rows.count,
    });
  const trace = rows.trace();
  const tracks = new Tracks(trace);
  tracks.update();
  const { ready } = tracks.levels;
  expect(ready.raster(0, tracks.scale.now() / WIDTH, WIDTH).tooMuch).toBe(true);
  const near = ready.raster(tracks.scale.now() / 2, tracks.scale.beta / 4, WIDTH);
  expect([near.tooMuch, Math.max(...near.most)]).toEqual([false, 1]);
});
