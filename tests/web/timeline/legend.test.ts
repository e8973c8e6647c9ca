import { expect, test } from 'vitest';
import { samplesOf } from '../../../web/src/timeline/legend';
import { Trace } from '../../../web/src/trace/trace';
import { Tracks } from '../../../web/src/trace/tracks';
import { FrameWriter, How, Kind } from '../helpers/frames';

/** What the legend says of tasks that wait, each for what its label names. */
function waits(...labels: string[]): string[] {
  const rows = new FrameWriter();
  for (const [k, label] of labels.entries()) {
    rows.row(Kind.TASK, { subject: k + 1, aux: rows.text('x'), chain: rows.chain('x', 1) });
    const chain = rows.chain('x', 2, label.startsWith('Queue') ? 'queue' : 'sync', label);
    rows.row(Kind.STEP, { how: How.SUSPENDED, subject: k + 1, chain });
  }
  // A place that was passed on the way into a wait is none itself.
  rows.chain('x', 2, 'sync', 'acquire');
  const tracks = new Tracks(rows.trace());
  tracks.update();
  return samplesOf(tracks)
    .map(({ words }) => words)
    .filter((words) => words.startsWith('waits'));
}

test.each([
  [['Lock.acquire'], 'waits for a lock'],
  [['Event.wait'], 'waits for an event'],
  [['Condition.wait_for', 'Condition.wait, for its lock'], 'waits for a condition'],
  [['Semaphore.acquire'], 'waits for a semaphore'],
  [['Barrier.wait'], 'waits for a barrier'],
  [['acquire'], 'waits for a lock'],
  [['Queue.get'], 'waits for a queue'],
  [['Event.wait', 'Lock.acquire in save'], 'waits for an event or a lock'],
  [['Event.wait', 'Lock.acquire', 'Barrier.wait'], 'waits for an event, a lock or a barrier'],
])('a wait for %j is called by its own name', (labels, words) => {
  expect(waits(...labels)).toEqual([words]);
});

test('the legend explains what occurs, as soon as it occurs', () => {
  const rows = new FrameWriter();
  const trace = new Trace();
  const tracks = new Tracks(trace);
  const words = (path?: boolean): string[] => {
    rows.feed(trace);
    tracks.update();
    return samplesOf(tracks, path).map((sample) => sample.words);
  };
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain: rows.chain('main', 1) });
  expect(words()).toEqual(['ready, waits for its turn']);
  rows.row(Kind.OUTPUT, { how: How.STDOUT, by: 1, aux: rows.text('hello') });
  rows.row(Kind.CANCEL, { how: How.WITHDRAWN, subject: 1 });
  expect(words()).toEqual(['ready, waits for its turn', 'output']);
  rows.row(Kind.CANCEL, { subject: 1 });
  rows.row(Kind.STEP, { how: How.CANCELLED, subject: 1 });
  expect(words()).toEqual(['runs', 'ready, waits for its turn', 'output', 'asked to cancel', 'cancelled']);
  expect(words(true).at(-1)).toMatch(/^critical path/);
});
