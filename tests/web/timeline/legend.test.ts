import { expect, test } from 'vitest';
import { samplesOf } from '../../../web/src/timeline/legend';
import { Trace } from '../../../web/src/trace/trace';
import { Tracks } from '../../../web/src/trace/tracks';
import { FrameWriter, How, Kind } from '../helpers/frames';

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
