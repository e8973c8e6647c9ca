/** State at an instant against the loop that wrote the trace: what it knew when it wrote each row. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Instants } from '../../../web/src/trace/instant';
import { State } from '../../../web/src/trace/reason';
import { Kind, type Trace } from '../../../web/src/trace/trace';
import { Tracks } from '../../../web/src/trace/tracks';
import type { FakeLoop } from '../helpers/loop';
import { type Program, randomProgram, runProgram } from '../helpers/programs';

type Known = ReturnType<FakeLoop['state']> & { clock: number };

function record(program: Program): { trace: Trace; known: Known[] } {
  const known: Known[] = [];
  const loop = runProgram(program, (self) => {
    known[self.rows.count - 1] = { ...self.state(), clock: self.clock };
  });
  return { trace: loop.rows.trace(), known };
}

test('who runs, who is ready in which order, and which timers are armed, at every row', () => {
  fc.assert(
    fc.property(randomProgram(), (program) => {
      const { trace, known } = record(program);
      const tracks = new Tracks(trace);
      tracks.update();
      const instants = new Instants(tracks);
      const fired = new Set(callbacks(trace));
      const fires = (timer: number): boolean => fired.has(timer);
      const when = (timer: number): number => trace.end.at(trace.timerRow(timer));
      for (let e = 0; e < trace.count; e++) {
        const then = known[e];
        if (!then || trace.kind.at(e) === Kind.IDLE) continue;
        const got = instants.at(e);
        expect(got.running.at(-1) ?? 0).toBe(then.running);
        // Rows tell what became ready before them: what a step makes ready after its last row is told by the next.
        const queue = got.queue.map(({ subject }) => subject);
        expect(then.queue.slice(0, queue.length)).toEqual(queue);
        const late = then.queue.slice(queue.length);
        for (const subject of late) expect(becameReadyAt(trace, subject, e)).toBe(true);
        const timers = got.timers.map((timer) => timer.id);
        // Rows count nanoseconds. Which of two timers closer than that is first, only what they did can tell.
        expect(timers.map(when)).toEqual(then.timers.map(when));
        expect([...timers].sort()).toEqual([...then.timers].sort());
        expect(timers.filter(fires)).toEqual(then.timers.filter(fires));
        expect(got.clock).toBeCloseTo(then.clock, 12);
      }
    }),
    { numRuns: 150 },
  );
});

test('what each task does, from the last thing known about it', () => {
  fc.assert(
    fc.property(randomProgram(), (program) => {
      const { trace } = record(program);
      const tracks = new Tracks(trace);
      tracks.update();
      const instants = new Instants(tracks);
      for (let e = 0; e < trace.count; e++) {
        const { tasks, running, queue, written } = instants.at(e);
        const ready = queue.map(({ subject }) => subject);
        for (const { id, state, step } of tasks) {
          expect(state === State.RUN).toBe(running.includes(id));
          if (state !== State.RUN) expect(state === State.READY).toBe(ready.includes(id));
          expect(step).toBe(brute(trace, id, e));
        }
        const ended = trace.tasks.filter(
          (task) => task.lastStep <= e && task.lastStep >= 0 && task.outcome && !running.includes(task.id),
        );
        expect(tasks.length).toBe(
          trace.tasks.filter((t) => t.created <= e || running.includes(t.id)).length - ended.length,
        );
        expect(written).toEqual({ prints: outputsUpTo(trace, e), tracebacks: 0, typed: 0 });
      }
    }),
    { numRuns: 80 },
  );
});

/** Whether the trace says that a subject became ready right after row e: the next row does not exist yet. */
function becameReadyAt(trace: Trace, subject: number, e: number): boolean {
  for (let i = e + 1; i < trace.count; i++) {
    const runs = trace.kind.at(i) === Kind.STEP || trace.kind.at(i) === Kind.CALLBACK;
    if (runs && trace.subject.at(i) === subject) return trace.readySeq.at(i) === e + 1;
  }
  return false;
}

function callbacks(trace: Trace): number[] {
  const subjects: number[] = [];
  for (let i = 0; i < trace.count; i++)
    if (trace.kind.at(i) === Kind.CALLBACK) subjects.push(trace.subject.at(i));
  return subjects;
}

function brute(trace: Trace, task: number, e: number): number {
  for (let i = e; i >= 0; i--) if (trace.kind.at(i) === Kind.STEP && trace.subject.at(i) === task) return i;
  return -1;
}

function outputsUpTo(trace: Trace, e: number): number {
  let n = 0;
  for (let i = 0; i <= e; i++) if (trace.kind.at(i) === Kind.OUTPUT) n++;
  return n;
}
