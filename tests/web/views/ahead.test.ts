import { afterEach, expect, test, vi } from 'vitest';
import { createReader } from '../../../web/src/views/ahead';
import { emptyRun, type Run } from '../../../web/src/views/store';
import { FrameWriter, How, Kind } from '../helpers/frames';

function longRun(rows: number): Run {
  const writer = new FrameWriter();
  for (let k = 0; k < rows; k++) {
    const row = writer.row(Kind.TIMER, { t: k, end: k + 5, subject: 2 * k + 1, via: 2 * k + 2 });
    writer.row(Kind.CALLBACK, {
      how: How.TIMER,
      t: k + 5,
      end: k + 5,
      subject: 2 * k + 1,
      ready_seq: row + 1,
    });
  }
  const run = emptyRun('', true);
  writer.feed(run.trace);
  run.tracks.update();
  return run;
}

/** Idle moments by hand: each lasts for so many looks at the clock. */
function idleMoments(): { waiting: IdleRequestCallback[]; pass(looks: number): void } {
  const waiting: IdleRequestCallback[] = [];
  vi.stubGlobal('requestIdleCallback', (act: IdleRequestCallback) => waiting.push(act));
  return {
    waiting,
    pass(looks) {
      let left = looks;
      waiting.shift()?.({ didTimeout: false, timeRemaining: () => (left-- > 0 ? 10 : 0) });
    },
  };
}

afterEach(() => vi.unstubAllGlobals());

test('a long run is read in idle moments, a portion after the other, and tells the same', () => {
  const run = longRun(10_000);
  const idle = idleMoments();
  const soon = createReader(() => run);
  soon();
  soon();
  expect(idle.waiting.length).toBe(1);
  idle.pass(2);
  expect(run.instants.take(0)).toBe(true);
  for (let k = 0; idle.waiting.length > 0; k++) {
    expect(k).toBeLessThan(10);
    idle.pass(1);
  }
  expect(run.instants.take(0)).toBe(false);
  const fresh = longRun(10_000);
  for (const event of [0, 7, 9999, 19_999])
    expect(run.instants.at(event).timers).toEqual(fresh.instants.at(event).timers);
});

test('of two runs the one on the page is read', () => {
  const [first, second] = [longRun(5000), longRun(5000)];
  let shown = first;
  const idle = idleMoments();
  createReader(() => shown)();
  shown = second;
  while (idle.waiting.length > 0) idle.pass(9);
  expect([first.instants.take(0), second.instants.take(0)]).toEqual([true, false]);
});

test('where the engine knows no idle moments it is read in pauses', () => {
  vi.useFakeTimers();
  vi.stubGlobal('requestIdleCallback', undefined);
  const run = longRun(5000);
  createReader(() => run)();
  vi.runAllTimers();
  vi.useRealTimers();
  expect(run.instants.take(0)).toBe(false);
});
