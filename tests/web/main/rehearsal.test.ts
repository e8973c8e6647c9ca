import { expect, test } from 'vitest';
import { CHUNKS, kept, play, rehearse } from '../../../web/src/main/rehearsal';
import { CHUNK } from '../../../web/src/protocol/packed';
import { LONG, packTrace } from '../../../web/src/share/tracefile';
import { State } from '../../../web/src/trace/reason';

test('what is rehearsed is what a long trace goes through: it is opened from a file that is not compressed, and drawn', async () => {
  let moments = 0;
  const { trace, tracks, info, steps } = await play(async () => {
    moments++;
  }, CHUNKS);
  const file = await packTrace(info, trace);
  expect(file.size).toBeGreaterThan(LONG);
  expect(moments).toBeGreaterThan(2 * (trace.count / 4096));
  expect(tracks.scale.name).toBe('time');
  expect(steps.count).toBeGreaterThan(trace.count / 4);
  const states = new Set([...tracks.within(2, 0, trace.now)].map(({ state }) => state));
  expect(states).toEqual(new Set([State.RUN, State.READY, State.SLEEP, State.SYNC]));
});

test('what made the code fast is gone after the rehearsal, but for a trace as small as can be', async () => {
  await rehearse(async () => {});
  expect(kept.map(({ trace }) => trace.count)).toEqual([CHUNK]);
});
