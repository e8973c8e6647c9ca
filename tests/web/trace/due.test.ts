import { expect, test } from 'vitest';
import { sentence, stepOf, describe as tell } from '../../../web/src/trace/describe';
import { Instants } from '../../../web/src/trace/instant';
import { State } from '../../../web/src/trace/reason';
import { Trace } from '../../../web/src/trace/trace';
import { type Segment, Tracks } from '../../../web/src/trace/tracks';
import { describe } from '../../../web/src/views/panel/describe';
import { ascii } from '../helpers/ascii';
import { FrameWriter, How, Kind } from '../helpers/frames';
import { FakeLoop } from '../helpers/loop';

/** foo (1) sleeps 20 ms, bar (2) blocks the loop from 10 ms to 60 ms. `upTo` leaves out what comes after the blocking. */
function blocked(upTo: 'blocking' | 'end'): { rows: FrameWriter; tracks: Tracks } {
  const rows = new FrameWriter();
  for (const [id, name] of [
    [1, 'foo'],
    [2, 'bar'],
  ] as const)
    rows.row(Kind.TASK, { subject: id, aux: rows.text(`Task-${id}`), chain: rows.chain(name, 1) });
  rows.row(Kind.LOOP, { how: How.BEGIN });
  const aux = rows.text('_set_result_unless_cancelled');
  rows.row(Kind.TIMER, { subject: 11, end: 0.02, via: 21, by: 1, aux });
  const sleep = (name: string): number => rows.chain(name, 2, 'sleep', 'sleep');
  rows.row(Kind.STEP, { how: How.SUSPENDED, subject: 1, waits: 21, chain: sleep('foo') });
  rows.row(Kind.TIMER, { subject: 12, end: 0.01, via: 22, by: 2 });
  rows.row(Kind.STEP, { how: How.SUSPENDED, subject: 2, waits: 22, chain: sleep('bar'), ready_seq: 1 });
  rows.row(Kind.IDLE, { how: How.TIMER, end: 0.01 });
  const fire = (subject: number, t: number): number =>
    rows.row(Kind.CALLBACK, { how: How.TIMER, subject, t, end: t, ready: t, ready_seq: rows.count });
  const seq = fire(12, 0.01);
  const trace = new Trace();
  const tracks = new Tracks(trace);
  if (upTo === 'blocking') rows.feed(trace, { now: [0.04, 1, 2, 0.01] });
  else {
    const bar = { how: How.RETURNED, subject: 2, t: 0.01, end: 0.06, ready: 0.01, ready_seq: seq, by: 12 };
    rows.row(Kind.STEP, bar);
    const again = fire(11, 0.06);
    const foo = { how: How.RETURNED, subject: 1, t: 0.06, end: 0.06, ready: 0.06, ready_seq: again, by: 11 };
    rows.row(Kind.STEP, foo);
    rows.row(Kind.LOOP, { how: How.END, t: 0.06 });
    rows.row(Kind.EXIT, { how: How.FINISHED, t: 0.06 });
    rows.feed(trace);
  }
  tracks.update();
  return { rows, tracks };
}

const dueOn = (tracks: Tracks): Segment | undefined =>
  [...tracks.within(1, 0, Infinity)].find(({ state, event }) => state === State.READY && event === 4);

test('whose timer came due while the loop was busy is ready from then on, not asleep', () => {
  const { tracks } = blocked('end');
  expect(ascii(tracks, 0.005)).toBe(
    [
      'loop    |##--##############', //
      'foo     |#------//////////#', //
      'bar     |/#--/###########',
    ].join('\n'),
  );
  const due = dueOn(tracks) as Segment;
  expect(tracks.scale.clockAt(due.x0)).toBeCloseTo(0.02);
  expect(sentence(tell(tracks, due))).toMatch(
    /^foo is due, but bar keeps the loop busy, at 20 ms for 40 ms; its timer, armed by sleep\(0.02\), came due$/,
  );
  expect(stepOf(tracks, due)).toBe(11);
});

test('a turn in the ready queue is no lateness, whatever the step does then', () => {
  const { tracks } = blocked('end');
  const ready = [...tracks.within(2, 0, Infinity)].filter(({ state }) => state === State.READY);
  expect(ready.map((segment) => [segment.event, tracks.isDue(segment)])).toEqual([
    [1, false],
    [9, false],
  ]);
  const steps = new Tracks(
    new FakeLoop()
      .run('main', function* (loop) {
        yield loop.sleep(0.01);
        yield 'yield';
        yield loop.sleep(0.01);
      })
      .trace(),
  );
  steps.update();
  for (const segment of steps.within(1, 0, Infinity)) expect(steps.isDue(segment)).toBe(false);
});

test('it is seen while the loop is still busy', () => {
  const { rows, tracks } = blocked('blocking');
  const due = dueOn(tracks) as Segment;
  expect(due.open).toBe(true);
  expect(tracks.scale.clockAt(due.x0)).toBeCloseTo(0.02);
  expect(tell(tracks, due).what).toBe('is due, but bar keeps the loop busy');
  // And is drawn anew with every sign of life.
  rows.feed(tracks.trace, { now: [0.05, 1, 2, 0.01] });
  tracks.update();
  // The four segments of the first step, and that it is due.
  expect(tracks.changes.count(1)).toBe(5);
});

test('the panel tells how late a step was, and because of whom', () => {
  const { tracks } = blocked('end');
  const facts = Object.fromEntries(describe(tracks, 11).facts.map(({ term, text }) => [term, text]));
  expect(facts.Timer).toBe('Was due at t = 0.020 s, ran 40 ms late: bar kept the loop busy');
  expect(describe(tracks, 9).facts.map(({ term }) => term)).not.toContain('Timer');
  const there = new Instants(tracks).at(9).tasks.find(({ id }) => id === 1);
  expect(there).toMatchObject({ state: State.SLEEP, due: 0.02 });
});
