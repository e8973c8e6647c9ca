import { expect, test } from 'vitest';
import type { Finding } from '../../../web/src/trace/trace';
import { describe } from '../../../web/src/views/panel/describe';
import { emptyRun, type Run } from '../../../web/src/views/store';
import { type Walk, walkTo } from '../../../web/src/views/walk';
import { FrameWriter, How, Kind } from '../helpers/frames';

/** Rows 0 to 7: two tasks that take turns and print; the loop's begin and end are no events to stop at. */
function taken(): Run {
  const rows = new FrameWriter();
  rows.row(Kind.LOOP, { how: How.BEGIN });
  for (const [id, name] of [
    [1, 'foo'],
    [2, 'bar'],
  ] as const)
    rows.row(Kind.TASK, { subject: id, by: id - 1, aux: rows.text(name), chain: rows.chain(name, 1) });
  rows.row(Kind.OUTPUT, { by: 1, how: How.STDOUT, aux: rows.text('x\n') });
  rows.row(Kind.STEP, { how: How.YIELDED, subject: 1 });
  rows.row(Kind.OUTPUT, { by: 2, how: How.STDOUT, aux: rows.text('y\n') });
  rows.row(Kind.STEP, { how: How.RETURNED, subject: 2, ready_seq: 2 });
  rows.row(Kind.STEP, { how: How.RETURNED, subject: 1, ready_seq: 4 });
  rows.row(Kind.LOOP, { how: How.END });
  const run = emptyRun('', false);
  rows.feed(run.trace, { findings: [{ events: [6] } as unknown as Finding] });
  run.tracks.update();
  run.steps.update(run.trace);
  return run;
}

function way(by: Walk, to: -1 | 1): number[] {
  const run = taken();
  const seen: number[] = [];
  for (
    let at = walkTo(run, -1, by, to);
    at >= 0 && seen.length < 9 && at !== seen.at(-1);
    at = walkTo(run, at, by, to)
  )
    seen.push(at);
  return seen;
}

test('forward and back, by step, event, task, output and finding', () => {
  expect(way('step', 1)).toEqual([4, 6, 7]);
  expect(way('step', -1)).toEqual([7, 6, 4]);
  expect(way('event', 1)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(way('event', -1)).toEqual([7, 6, 5, 4, 3, 2, 1]);
  expect(way('task', 1)).toEqual([4, 7]);
  expect(way('output', 1)).toEqual([3, 5]);
  expect(way('output', -1)).toEqual([5, 3]);
  expect(way('finding', 1)).toEqual([6]);
});

test('by task: from an output of it to the step that wrote it', () => {
  expect(walkTo(taken(), 5, 'task', 1)).toBe(6);
});

test('what a run notes about itself is a finding, too: it leads to the step it happened in', () => {
  const rows = new FrameWriter();
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('foo'), chain: rows.chain('foo', 1) });
  rows.row(Kind.NOTE, { by: 1, aux: rows.text('set order') });
  rows.row(Kind.STEP, { how: How.RETURNED, subject: 1 });
  const run = emptyRun('', false);
  rows.feed(run.trace);
  expect(walkTo(run, -1, 'finding', 1)).toBe(2);
});

test('by event, what a step did on the way is stopped at where there is something to tell of it', () => {
  const rows = new FrameWriter();
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('foo'), chain: rows.chain('foo', 1) });
  rows.row(Kind.TIMER, { subject: 2, by: 1, end: 3, aux: rows.text('callback') });
  rows.row(Kind.ERROR, { subject: 1, by: 1, how: How.RAISED, aux: rows.text('ValueError: no') });
  rows.row(Kind.ERROR, { subject: 1, by: 1, how: How.RETRIEVED });
  rows.row(Kind.STEP, { how: How.RAISED, subject: 1 });
  const run = emptyRun('', false);
  rows.feed(run.trace);
  run.tracks.update();
  const stops = [];
  for (let at = walkTo(run, -1, 'event', 1); at >= 0; at = walkTo(run, at, 'event', 1)) stops.push(at);
  expect(stops).toEqual([0, 1, 2, 4]);
  expect(stops.map((at) => describe(run.tracks, at).title)).toEqual([
    expect.stringMatching(/^foo/),
    'foo arms a timer of 3 s for callback.',
    'foo fails with ValueError: no.',
    expect.stringMatching(/^foo/),
  ]);
});
