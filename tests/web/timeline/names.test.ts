import { expect, test } from 'vitest';
import { namesFor } from '../../../web/src/timeline/names';
import { shortenMiddle } from '../../../web/src/timeline/text';
import { shortLabel, shortName } from '../../../web/src/trace/short';
import { Tracks } from '../../../web/src/trace/tracks';
import { FakeLoop } from '../helpers/loop';

/** As many children as are asked for; the last one takes more steps, and more room for their number. */
function tracksOf(children: number): Tracks {
  const loop = new FakeLoop();
  const tracks = new Tracks(
    loop
      .run('main', function* (loop) {
        for (let k = 0; k < children; k++)
          loop.spawn('work', function* () {
            yield 'yield';
          });
        yield 'yield';
      })
      .trace(),
  );
  tracks.update();
  tracks.rows.arrange(0, 1);
  return tracks;
}

/** Letters are as wide as one pixel. */
function names(tracks: Tracks, roomOf: (track: number) => number): string[] {
  const name = namesFor(tracks, {
    of: ({ track }) => roomOf(track),
    wide: (text) => text.length,
    cut: shortName,
  });
  return tracks.tree().map(name);
}

test('siblings have one form of name: where one has no room for the full one, none has it', () => {
  const tracks = tracksOf(3);
  expect(names(tracks, () => 20)).toEqual([
    'loop',
    'main',
    'work (Task-3)',
    'work (Task-5)',
    'work (Task-7)',
  ]);
  expect(names(tracks, (track) => (track === 3 ? 9 : 20))).toEqual([
    'loop',
    'main',
    'work 3',
    'work 5',
    'work 7',
  ]);
});

test('of too long names the middle is cut out, and the number is left', () => {
  expect(names(tracksOf(2), () => 5)).toEqual(['loop', 'main', 'wo… 3', 'wo… 5']);
  expect(names(tracksOf(400), () => 20).slice(1, 4)).toEqual(['main', 'work 3', 'work 5']);
});

test('short names stay apart', () => {
  expect(shortLabel('download (Task-12)')).toBe('download 12');
  expect(shortLabel('worker-2 (worker)')).toBe('worker-2');
  expect(shortLabel('main')).toBe('main');
  const long = [1, 2, 13].map((n) => shortName(`child with a long name number ${n}`, 16));
  expect(long).toEqual(['child with a… 1', 'child with a… 2', 'child with a… 13']);
  expect(shortName('the_reader_of_lines', 12)).toBe('the_r…_lines');
});

test('a name is cut to the room that it has', () => {
  const measure = { font: '', measureText: (text: string) => ({ width: text.length }) as TextMetrics };
  expect(shortenMiddle(measure, 'names', 'child with a long name number 7', 16)).toBe('child with a… 7');
  expect(shortenMiddle(measure, 'names', 'main', 16)).toBe('main');
});
