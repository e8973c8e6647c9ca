import { expect, test } from 'vitest';
import { Tracks } from '../../../web/src/trace/tracks';
import { StepIndex } from '../../../web/src/views/steps';
import { FrameWriter, How, Kind } from '../helpers/frames';

/** main runs once, wakes by a timer, and ends; asyncio.run closes its loop then. */
function closed(): Tracks {
  const rows = new FrameWriter();
  const task = (subject: number, name: string, flags = 0): void => {
    rows.row(Kind.TASK, { subject, flags, aux: rows.text(name), chain: rows.chain(name, 1) });
  };
  const run = (kind: number, subject: number, how: number, name = '') =>
    rows.row(kind, { subject, how, ready_seq: rows.count, aux: name ? rows.text(name) : 0 });
  rows.row(Kind.LOOP, { how: How.BEGIN });
  task(1, 'main');
  rows.row(Kind.TIMER, { subject: 3, via: 2, by: 1 });
  rows.row(Kind.STEP, {
    how: How.SUSPENDED,
    subject: 1,
    waits: 2,
    chain: rows.chain('main', 2, 'sleep', 'sleep'),
  });
  run(Kind.CALLBACK, 3, How.TIMER, 'futures._set_result_unless_cancelled');
  run(Kind.STEP, 1, How.RETURNED);
  run(Kind.CALLBACK, 4, 0, '_run_until_complete_cb');
  rows.row(Kind.LOOP, { how: How.END });
  rows.row(Kind.LOOP, { how: How.BEGIN });
  task(5, 'shutdown_asyncgens', 2);
  run(Kind.STEP, 5, How.RETURNED);
  run(Kind.CALLBACK, 6, 0, '_run_until_complete_cb');
  rows.row(Kind.LOOP, { how: How.END });
  rows.row(Kind.EXIT, { how: How.FINISHED });
  const tracks = new Tracks(rows.trace());
  tracks.update();
  return tracks;
}

test('the closing of the loop takes no room: the picture ends where the program does', () => {
  const { scale } = closed();
  expect(scale.runs.count).toBe(6);
  expect(scale.runs.phases).toBe(3);
  expect(scale.now()).toBe(scale.end(5));
});

test('what asyncio runs for itself is no step to stop at', () => {
  const { trace } = closed();
  const steps = new StepIndex();
  steps.update(trace);
  expect(steps.count).toBe(2);
  expect([steps.from(-1, 1), steps.from(3, 1), steps.from(5, 1)]).toEqual([3, 5, 5]);
  expect(steps.from(11, -1)).toBe(3);
});
