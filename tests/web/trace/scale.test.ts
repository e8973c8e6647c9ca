import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idealBeta, Scale } from '../../../web/src/trace/scale';
import type { Trace } from '../../../web/src/trace/trace';
import { FrameWriter, How, Kind } from '../helpers/frames';
import { randomProgram, traceOf } from '../helpers/programs';

function scaleOf(trace: Trace, name: 'turns' | 'time' = 'turns'): Scale {
  const scale = new Scale(trace);
  scale.name = name;
  scale.runs.update();
  scale.adapt(true);
  return scale;
}

test('a run takes its share of half the picture, and no more than a twelfth of the clock', () => {
  expect(idealBeta(0, 11)).toBe(1);
  expect(idealBeta(1, 100)).toBe(0.01);
  expect(idealBeta(1.2, 3)).toBeCloseTo(0.1);
});

test('rows of what a step did stand evenly inside it; its own row closes it', () => {
  const rows = new FrameWriter();
  rows.row(Kind.LOOP, { how: How.BEGIN });
  rows.row(Kind.OUTPUT);
  rows.row(Kind.OUTPUT);
  rows.row(Kind.OUTPUT);
  rows.row(Kind.STEP, { subject: 1 });
  rows.row(Kind.CALLBACK, { subject: 2 });
  rows.row(Kind.LOOP, { how: How.END });
  const { runs } = scaleOf(rows.trace());
  expect(Array.from({ length: 7 }, (_, i) => runs.phaseOf(i))).toEqual([0, 0.25, 0.5, 0.75, 0, 1, 2]);
  expect([1, 4, 5, 6].map((i) => runs.runOf(i))).toEqual([0, 0, 1, -1]);
});

test('rows that no run owns stand where the loop stood', () => {
  const rows = new FrameWriter();
  rows.row(Kind.TASK, { subject: 1 });
  rows.row(Kind.LOOP, { how: How.BEGIN });
  rows.row(Kind.STEP, { subject: 1 });
  rows.row(Kind.OUTPUT);
  rows.row(Kind.EXIT);
  const { runs } = scaleOf(rows.trace());
  expect(Array.from({ length: 5 }, (_, i) => runs.phaseOf(i))).toEqual([0, 0, 0, 1, 1]);
});

test('a handle became ready where its waker was then', () => {
  const rows = new FrameWriter();
  rows.row(Kind.OUTPUT, { by: 1 }); // 0
  rows.row(Kind.STEP, { subject: 1 }); // 1: woke 2 after its output, and 3 before it
  rows.row(Kind.STEP, { subject: 2, by: 1, ready_seq: 1 }); // 2
  rows.row(Kind.STEP, { subject: 3, by: 1, ready_seq: 0 }); // 3
  rows.row(Kind.STEP, { subject: 3, by: 3, ready_seq: 3 }); // 4: yielded
  rows.row(Kind.STEP, { subject: 4, by: 0, ready_seq: 3 }); // 5: from outside, between the runs 2 and 3
  const { runs } = scaleOf(rows.trace());
  expect([2, 3, 4, 5].map((i) => runs.readyPhase(i))).toEqual([0.75, 0.25, 3, 2]);
  expect([2, 3, 4, 5].map((i) => runs.wakerOf(i))).toEqual([0, 0, 2, -1]);
});

test('a timer is ready when the clock has reached it, whatever its creator does next', () => {
  const rows = new FrameWriter();
  rows.row(Kind.TIMER, { subject: 9, by: 1, end: 0.5 });
  rows.row(Kind.STEP, { subject: 1 });
  rows.row(Kind.IDLE, { how: How.TIMER, t: 0, end: 0.5 });
  rows.row(Kind.STEP, { subject: 1, t: 0.5, end: 0.5, ready: 0.5, ready_seq: 3 });
  rows.row(Kind.CALLBACK, { how: How.TIMER, subject: 9, by: 1, t: 0.5, end: 0.5, ready: 0.5, ready_seq: 3 });
  const scale = scaleOf(rows.trace());
  expect(scale.runs.readyPhase(4)).toBe(1);
  expect(scale.ready(4)).toBeCloseTo(scale.end(2));
});

test('beta keeps still while a run streams and is exact at its end', () => {
  const rows = new FrameWriter();
  const trace = rows.trace();
  const scale = new Scale(trace);
  const moved: boolean[] = [];
  for (let k = 1; k <= 40; k++) {
    rows.row(Kind.STEP, { subject: 1, t: k, end: k });
    if (k === 40) rows.row(Kind.EXIT, { t: k });
    rows.feed(trace);
    scale.runs.update();
    moved.push(scale.adapt());
  }
  expect(moved.filter(Boolean).length).toBeLessThan(12);
  expect(scale.beta).toBe(1);
});

test.each(['turns', 'time'] as const)(
  'in the scale of %s the clock and x lead back to each other',
  (name) => {
    fc.assert(
      fc.property(randomProgram(), fc.double({ min: 0, max: 1, noNaN: true }), (program, share) => {
        const scale = scaleOf(traceOf(program), name);
        const x = share * scale.now();
        const clock = scale.clockAt(x);
        // Where the clock stands still many x share an instant: the first of them comes back.
        expect(scale.reaches(clock)).toBeLessThanOrEqual(x + 1e-9);
        expect(scale.clockAt(scale.reaches(clock))).toBeCloseTo(clock, 9);
      }),
      { numRuns: 60 },
    );
  },
);

test('x never goes back along the runs', () => {
  fc.assert(
    fc.property(randomProgram(), (program) => {
      const scale = scaleOf(traceOf(program));
      for (let k = 0, last = -1; k < scale.runs.count; k++) {
        const row = scale.runs.rowOf(k);
        expect(scale.begin(row)).toBeGreaterThanOrEqual(last - 1e-12);
        expect(scale.ready(row)).toBeLessThanOrEqual(scale.begin(row) + 1e-12);
        last = scale.end(row);
      }
    }),
    { numRuns: 60 },
  );
});
