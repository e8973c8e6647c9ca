import { expect, test } from 'vitest';
import { findAgain, landmark } from '../../../web/src/timeline/navigate';
import { outcome } from '../../../web/src/trace/describe';
import { State } from '../../../web/src/trace/reason';
import { Trace } from '../../../web/src/trace/trace';
import { Tracks } from '../../../web/src/trace/tracks';
import { FrameWriter, How, Kind } from '../helpers/frames';

/** main has suspended on a timer of 50 ms; the loop waits since 0 s. */
function waiting(): { rows: FrameWriter; trace: Trace; tracks: Tracks } {
  const rows = new FrameWriter();
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain: rows.chain('main', 1) });
  rows.row(Kind.LOOP, { how: How.BEGIN });
  rows.row(Kind.TIMER, { subject: 3, end: 0.05, via: 2, by: 1 });
  const chain = rows.chain('main', 2, 'sleep', 'sleep');
  rows.row(Kind.STEP, { how: How.SUSPENDED, subject: 1, waits: 2, chain });
  const trace = new Trace();
  rows.feed(trace, { now: [0, 0, 0, 0] });
  const tracks = new Tracks(trace);
  tracks.update();
  return { rows, trace, tracks };
}

test('while the loop waits its clock may go on; the next batch knows better', () => {
  const { rows, trace, tracks } = waiting();
  // It has waited for no time yet, and is not shown to run on.
  expect(tracks.segment(0, 0)).toMatchObject({ state: State.RUN, open: false });
  trace.advance(0.06);
  tracks.update();
  expect(trace.now).toBe(0.06);
  expect(tracks.segment(0, 1)).toMatchObject({ state: State.SLEEP, open: true });
  rows.row(Kind.IDLE, { how: How.TIMER, end: 0.05 });
  rows.feed(trace);
  expect(trace.now).toBe(0.05);
  expect(trace.life).toBe('');
});

test('a run that ended goes on no more', () => {
  const { rows, trace } = waiting();
  rows.row(Kind.EXIT, { how: How.STOPPED });
  rows.feed(trace);
  expect(trace.advance(1)).toBe(false);
  expect(trace.now).toBe(0);
});

test('a run that was ended by force goes on no more; what ran then was interrupted', () => {
  const { rows, trace, tracks } = waiting();
  rows.feed(trace, { now: [0.07, 1, 1, 0.06] });
  tracks.update();
  expect(outcome(tracks, 1)).toBe('runs');
  trace.abort();
  tracks.update();
  expect(tracks.at(1, tracks.scale.now())).toMatchObject({ state: State.RUN, open: false });
  expect(outcome(tracks, 1)).toBe('interrupted');
  expect(trace.advance(1)).toBe(false);
});

test('a held program tells before whose step', () => {
  const { rows, trace } = waiting();
  rows.feed(trace, { now: [0.05, 2, 1, 0.05] });
  expect(trace.held).toBe(true);
  expect(trace.next).toBe(1);
});

test('a step that was selected while it ran is found again when its row has come', () => {
  const { rows, trace, tracks } = waiting();
  rows.feed(trace, { now: [0.07, 1, 1, 0.06] });
  tracks.update();
  const running = tracks.at(1, tracks.scale.now());
  expect(running).toMatchObject({ state: State.RUN, event: 4 });
  const mark = landmark(tracks, running as NonNullable<typeof running>);
  rows.row(Kind.OUTPUT, { how: How.STDOUT, t: 0.06, by: 1, aux: rows.text('x\n') });
  rows.row(Kind.STEP, {
    how: How.RETURNED,
    t: 0.06,
    end: 0.08,
    ready: 0.06,
    ready_seq: 4,
    subject: 1,
    by: 1,
  });
  rows.feed(trace);
  tracks.update();
  expect(findAgain(tracks, mark)).toMatchObject({ state: State.RUN, event: 5 });
});

test('an idle stretch that was selected while it lasted is found again, whatever ended it', () => {
  const { rows, trace, tracks } = waiting();
  trace.advance(0.02);
  tracks.update();
  const idle = tracks.at(0, tracks.scale.now());
  expect(idle).toMatchObject({ state: State.SLEEP, event: 4 });
  rows.row(Kind.IDLE, { how: How.OUTSIDE, end: 0.03 });
  rows.row(Kind.CALLBACK, { t: 0.03, end: 0.03, ready: 0.03, ready_seq: 5 });
  rows.feed(trace);
  tracks.update();
  expect(findAgain(tracks, landmark(tracks, idle as NonNullable<typeof idle>))).toMatchObject({
    state: State.IO,
  });
});

test('the loop was idle where nothing came from outside: the program was held, or stopped', () => {
  const { rows, trace, tracks } = waiting();
  const idle = (end: number): number => rows.row(Kind.IDLE, { how: How.OUTSIDE, t: end - 0.01, end });
  const stateOf = (event: number): State => tracks.changes.state(0, tracks.changes.findEvent(0, event));
  const feed = (): void => {
    rows.feed(trace);
    tracks.update();
  };
  const held = idle(0.03);
  feed();
  // Nothing is known yet: it is held.
  expect(stateOf(held)).toBe(State.SLEEP);
  const came = idle(0.04);
  feed();
  rows.row(Kind.CALLBACK, { t: 0.04, end: 0.04, ready: 0.04, ready_seq: came + 1 });
  rows.row(Kind.CANCEL, { how: How.BY_STOP, t: 0.05, subject: 1 });
  const stopped = idle(0.05);
  // asyncio.run wakes its loop when it is interrupted.
  rows.row(Kind.CALLBACK, { t: 0.05, end: 0.05, ready: 0.05, ready_seq: stopped + 1 });
  feed();
  expect([held, came, stopped].map(stateOf)).toEqual([State.SLEEP, State.IO, State.SLEEP]);
  expect(tracks.changes.seen(State.IO)).toBe(true);
});

test('a wait has a place on the axis even where its clock stands still: nobody is shown to run meanwhile', () => {
  const rows = new FrameWriter();
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain: rows.chain('main', 1) });
  rows.row(Kind.LOOP, { how: How.BEGIN });
  rows.row(Kind.STEP, {
    how: How.SUSPENDED,
    subject: 1,
    waits: 2,
    chain: rows.chain('main', 2, 'io', 'pyfetch'),
  });
  const trace = new Trace();
  rows.feed(trace, { now: [0, 0, 0, 0] });
  const tracks = new Tracks(trace);
  tracks.update();
  const [ran, waits] = [tracks.segment(1, 2), tracks.segment(1, 3)];
  expect([ran?.state, waits?.state]).toEqual([State.RUN, State.IO]);
  expect(ran && ran.x1 - ran.x0).toBeGreaterThan(0);
  // As much as a run has.
  expect(waits && waits.x1 - waits.x0).toBe(ran && ran.x1 - ran.x0);
  // What comes next takes the place; the end of the run leaves none.
  rows.row(Kind.IDLE, { how: How.OUTSIDE, t: 0, end: 0 });
  rows.row(Kind.STEP, { how: How.RETURNED, subject: 1, ready_seq: 4 });
  rows.row(Kind.EXIT, { how: How.FINISHED });
  rows.feed(trace);
  tracks.update();
  expect(tracks.scale.runs.phases).toBe(2);
  expect(tracks.scale.now()).toBe(tracks.scale.x(0, 2));
});
