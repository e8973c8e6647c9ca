/** Rows of the tree: what is folded, filtered, sorted, or does not live within the window. */
import { expect, test } from 'vitest';
import { trackLabel } from '../../../web/src/trace/describe';
import { foldWords } from '../../../web/src/trace/folds';
import { Tracks } from '../../../web/src/trace/tracks';
import type { TreeRow } from '../../../web/src/trace/tree';
import { FakeLoop } from '../helpers/loop';

/** main starts three tasks one after another; the second starts one itself. */
function family(): Tracks {
  const tracks = new Tracks(
    new FakeLoop()
      .run('main', function* (loop) {
        yield loop.spawn('short', function* () {
          yield loop.sleep(0.01);
        });
        yield loop.spawn('long', function* () {
          yield loop.spawn('child', function* () {
            yield loop.sleep(0.1);
          });
        });
        const item = loop.future('queue', 'Queue.get');
        loop.callLater(0.05, () => loop.resolve(item));
        yield loop.spawn('last', function* () {
          yield item;
        });
      })
      .trace(),
  );
  tracks.update();
  return tracks;
}

function rows(tracks: Tracks, x0 = 0, x1 = Infinity): string[] {
  tracks.rows.arrange(x0, x1);
  return tracks
    .tree()
    .map(
      ({ track, depth, children, folded }) =>
        `${'  '.repeat(depth)}${track < 0 ? 'finished' : trackLabel(tracks, track)}${folded ? ` +${children}` : ''}`,
    );
}

const track = (tracks: Tracks, name: string): number =>
  tracks.trace.tasks.findIndex((task) => task.coroutine === name) + 1;

test('tasks stand below their parents in order of creation', () => {
  expect(rows(family())).toEqual(['loop', 'main', '  short', '  long', '    child', '  last']);
});

test('a folded row hides what is below it, until it is unfolded or somebody looks there', () => {
  const tracks = family();
  tracks.rows.toggle(track(tracks, 'long'));
  expect(rows(tracks)).toEqual(['loop', 'main', '  short', '  long +1', '  last']);
  expect(tracks.rowOf(track(tracks, 'child'))).toBe(-1);
  tracks.rows.toggle(track(tracks, 'main'));
  expect(rows(tracks)).toEqual(['loop', 'main +3']);
  tracks.rows.reveal(track(tracks, 'child'));
  expect(rows(tracks)).toEqual(['loop', 'main', '  short', '  long', '    child', '  last']);
  expect(tracks.rowOf(track(tracks, 'last'))).toBe(5);
});

test.each([
  ['child', ['loop', 'main', '  long', '    child']],
  ['queue', ['loop', 'main', '  last']],
  ['SLEEP', ['loop', 'main', '  short', '  long', '    child']],
  // As its bar and the legend call it.
  ['sleep(0.1)', ['loop', 'main', '  long', '    child']],
  ['waits for a queue', ['loop', 'main', '  last']],
  ['finished last', ['loop', 'main', '  last']],
  ['line 99', ['loop']],
  ['nowhere', ['loop']],
])('filtered by %s: those that match, and their parents', (filter, expected) => {
  const tracks = family();
  tracks.rows.filter = filter;
  expect(rows(tracks)).toEqual(expected);
});

test('a wait is found by the name of what it is for, and of nothing else', () => {
  const tracks = new Tracks(
    new FakeLoop()
      .run('main', function* (loop) {
        for (const [name, label] of [
          ['one', 'Event.wait'],
          ['other', 'Lock.acquire'],
        ] as const)
          loop.spawn(name, function* () {
            yield loop.future('sync', label);
          });
        yield loop.sleep(0.1);
      })
      .trace(),
  );
  tracks.update();
  tracks.rows.filter = 'waits for a lock';
  expect(rows(tracks)).toEqual(['loop', 'main', '  other']);
  tracks.rows.filter = 'waits for an event';
  expect(rows(tracks)).toEqual(['loop', 'main', '  one']);
});

test('siblings by the time they ran', () => {
  const loop = new FakeLoop();
  loop.cost = 0.001;
  const tracks = new Tracks(
    loop
      .run('main', function* (self) {
        for (const steps of [1, 3, 2])
          self.spawn(`s${steps}`, function* () {
            for (let k = 1; k < steps; k++) yield 'yield';
          });
        yield self.sleep(0.1);
      })
      .trace(),
  );
  tracks.update();
  tracks.rows.order = 'time';
  expect(rows(tracks)).toEqual(['loop', 'main', '  s3', '  s2', '  s1']);
  tracks.rows.order = 'first';
  expect(rows(tracks)).toEqual(['loop', 'main', '  s1', '  s3', '  s2']);
});

test('only those that live within the window', () => {
  const tracks = family();
  tracks.setScale('time');
  tracks.rows.alive = true;
  expect(rows(tracks, 0, 0.005)).toEqual(['loop', 'main', '  short']);
  expect(rows(tracks, 0.05, 0.06)).toEqual(['loop', 'main', '  finished +1', '  long', '    child']);
  expect(rows(tracks, 0.12, 0.2)).toEqual(['loop', 'main', '  finished +3', '  last']);
});

test('those that ended before the window are one row, which unfolds and folds', () => {
  const tracks = family();
  tracks.setScale('time');
  tracks.rows.alive = true;
  rows(tracks, 0.12, 0.2);
  const [, , fold] = tracks.tree() as TreeRow[];
  expect(foldWords(fold?.children ?? 0)).toBe('3 finished tasks');
  tracks.rows.toggle(fold?.track ?? 0);
  const unfolded = ['loop', 'main', '  finished', '    short', '    long', '    child', '  last'];
  expect(rows(tracks, 0.12, 0.2)).toEqual(unfolded);
  for (const [row, { track }] of tracks.tree().entries()) expect(tracks.rowOf(track)).toBe(row);
  // It stays so while the window moves, and is gone where nothing has ended yet.
  expect(rows(tracks, 0.05, 0.06)).toEqual([
    'loop',
    'main',
    '  finished',
    '    short',
    '  long',
    '    child',
  ]);
  expect(rows(tracks, 0, 0.005)).toEqual(['loop', 'main', '  short']);
  expect(rows(tracks, 0.12, 0.2)).toEqual(unfolded);
  tracks.rows.toggle(fold?.track ?? 0);
  expect(rows(tracks, 0.12, 0.2)).toEqual(['loop', 'main', '  finished +3', '  last']);
  // What is folded by hand stays folded, and a filter says what it looks for.
  tracks.rows.toggle(track(tracks, 'main'));
  expect(rows(tracks, 0.12, 0.2)).toEqual(['loop', 'main +1']);
  tracks.rows.toggle(track(tracks, 'main'));
  tracks.rows.filter = 'last';
  expect(rows(tracks, 0.12, 0.2)).toEqual(['loop', 'main', '  last']);
});

test('who lives on after the one that created it stands below it', () => {
  const tracks = new Tracks(
    new FakeLoop()
      .run('main', function* (loop) {
        yield loop.spawn('starter', function* () {
          loop.spawn('background', function* () {
            yield loop.sleep(1);
          });
          yield loop.sleep(0.1);
        });
        yield loop.sleep(2);
      })
      .trace(),
  );
  tracks.update();
  tracks.setScale('time');
  tracks.rows.alive = true;
  expect(rows(tracks, 0.5, 0.6)).toEqual(['loop', 'main', '  starter', '    background']);
  expect(rows(tracks, 1.5, 1.6)).toEqual(['loop', 'main', '  finished +2']);
});

test('a few tasks are all there, finished or not', () => {
  expect(rows(family(), 0.12, 0.2)).toEqual(['loop', 'main', '  short', '  long', '    child', '  last']);
});
