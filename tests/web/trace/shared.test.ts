import { expect, test } from 'vitest';
import { Instants } from '../../../web/src/trace/instant';
import { Tracks } from '../../../web/src/trace/tracks';
import { sharedWords } from '../../../web/src/views/panel/moment';
import { FrameWriter, How, Kind } from '../helpers/frames';

/** foo (1) takes a lock (9), bar (2) waits for it; foo lets it go. */
function locked(): Tracks {
  const rows = new FrameWriter();
  for (const [id, name] of [
    [1, 'foo'],
    [2, 'bar'],
  ] as const)
    rows.row(Kind.TASK, { subject: id, aux: rows.text(`Task-${id}`), chain: rows.chain(name, 1) });
  rows.row(Kind.STATE, { subject: 9, aux: 0 });
  rows.row(Kind.STATE, { subject: 9, by: 1, aux: 1 });
  rows.row(Kind.STEP, { how: How.SUSPENDED, subject: 1, chain: rows.chain('foo', 2, 'sleep', 'sleep') });
  const wait = rows.chain('bar', 3, 'sync', 'Lock.acquire');
  rows.row(Kind.STEP, { how: How.SUSPENDED, subject: 2, chain: wait, aux: 9, ready_seq: 1 });
  rows.row(Kind.STATE, { subject: 9, by: 1, aux: 0 });
  rows.row(Kind.STEP, { how: How.RETURNED, subject: 1, ready_seq: 6 });
  rows.row(Kind.STEP, { how: How.RETURNED, subject: 2, by: 1, ready_seq: 7 });
  const trace = rows.trace();
  trace.primitives.set(9, { type: 'Lock', name: 'lock', site: 0, bound: 0 });
  const tracks = new Tracks(trace);
  tracks.update();
  return tracks;
}

test('a lock at every instant: its holder, and who waits', () => {
  const tracks = locked();
  const instants = new Instants(tracks);
  const told = (event: number): string[] =>
    instants.at(event).shared.map((one) => sharedWords(tracks.trace, one));
  expect([1, 2, 3, 4, 5, 6, 7].map(told)).toEqual([
    [],
    ['lock: free'],
    ['lock: locked by foo'],
    ['lock: locked by foo'],
    // At the row of its own step bar still runs.
    ['lock: locked by foo'],
    ['lock: free; bar waits'],
    // It was woken by the step that let the lock go: it is ready now.
    ['lock: free'],
  ]);
});
