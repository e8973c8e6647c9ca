import { expect, test } from 'vitest';
import { outcome, sentence, describe as tell } from '../../../web/src/trace/describe';
import { Instants } from '../../../web/src/trace/instant';
import { State } from '../../../web/src/trace/reason';
import { Trace } from '../../../web/src/trace/trace';
import { LOOP_TRACK, Tracks } from '../../../web/src/trace/tracks';
import { ascii } from '../helpers/ascii';
import { FrameWriter, How, Kind, rowsOf } from '../helpers/frames';
import { type Coroutine, FakeLoop } from '../helpers/loop';

function tracksOf(name: string, main: Coroutine, prepare?: (loop: FakeLoop) => void): Tracks {
  const loop = new FakeLoop();
  prepare?.(loop);
  const tracks = new Tracks(loop.run(name, main).trace());
  tracks.update();
  return tracks;
}

const yielding: Coroutine = function* (loop) {
  loop.print('one');
  yield 'yield';
  loop.print('two');
};

const firstSight: Coroutine = function* (loop) {
  const foo = loop.spawn('foo', yielding);
  const bar = loop.spawn('bar', yielding);
  yield foo;
  yield bar;
};

test('tasks that yield take turns; each row below its parent, ready from its creation on', () => {
  // Two columns a handle run. foo and bar are created inside main's first step.
  expect(ascii(tracksOf('main', firstSight))).toBe(
    [
      'loop    |############',
      'main    |##=====///##', //
      '  foo   | /##//##',
      '  bar   | ///##//##',
    ].join('\n'),
  );
});

test('what has come and was not read yet shows nothing: not rows without their runs', () => {
  const { trace } = tracksOf('main', firstSight);
  const tracks = new Tracks(trace);
  expect(tracks.blank).toBe(true);
  tracks.update();
  expect(tracks.blank).toBe(false);
});

test('time that passes keeps its proportion: 100 ms is twice as long as 50 ms', () => {
  const tracks = tracksOf('main', function* (loop) {
    yield loop.sleep(0.05);
    yield loop.sleep(0.1);
  });
  // 5 runs: main, fire, main, fire, main. Few runs: a run takes a twelfth of the clock's stretch, 12.5 ms.
  expect(tracks.scale.beta).toBeCloseTo(0.0125);
  expect(ascii(tracks, 0.00625)).toBe(
    [
      'loop    |##--------####----------------####', //
      'main    |##---------/##-----------------/##',
    ].join('\n'),
  );
});

test('in the scale of time runs of no length leave no room, and can still be found', () => {
  const tracks = tracksOf('main', function* (loop) {
    yield loop.sleep(0.05);
    yield loop.sleep(0.05);
  });
  tracks.setScale('time');
  expect(tracks.scale.now()).toBeCloseTo(0.1);
  expect(ascii(tracks, 0.01)).toBe(['loop    |----------', 'main    |----------'].join('\n'));
  const [, , second] = tracks.stepsOf(1);
  expect(tracks.show(second as number)).toMatchObject({ state: State.RUN, x0: 0.1, x1: 0.1 });
});

test('a queue is told apart from a lock, and both from a task', () => {
  const tracks = tracksOf('main', function* (loop) {
    const item = loop.future('queue', 'Queue.get');
    const lock = loop.future('sync', 'Lock.acquire');
    loop.spawn('get', function* () {
      yield item;
    });
    loop.spawn('own', function* () {
      yield lock;
    });
    yield 'yield';
    loop.resolve(lock);
    loop.resolve(item);
  });
  expect(ascii(tracks)).toBe(
    [
      'loop    |############',
      'main    |##////##', //
      '  get   | /##qqq///##',
      '  own   | ///##s/##',
    ].join('\n'),
  );
});

test('an eager first step runs inside its creator', () => {
  const tracks = tracksOf('main', function* (loop) {
    loop.print('before');
    loop.spawn(
      'eager',
      function* () {
        loop.print('inside');
        yield loop.sleep(0.01);
      },
      true,
    );
    yield loop.sleep(0.02);
  });
  const step = tracks.stepsOf(2)[0] as number;
  const inner = tracks.show(step);
  const outer = tracks.show(tracks.stepsOf(1)[0] as number);
  expect(inner).toMatchObject({ state: State.RUN, track: 2 });
  expect(inner!.x0).toBeGreaterThan(outer!.x0);
  expect(inner!.x1).toBeLessThan(outer!.x1);
  // Its output lies within it, main's before it.
  const [before, inside] = [tracks.marksOf(1)[0] as number, tracks.marksOf(2)[0] as number];
  expect(tracks.scale.begin(before)).toBeLessThanOrEqual(inner!.x0);
  expect(tracks.scale.begin(inside)).toBeGreaterThan(inner!.x0);
  expect(tracks.scale.begin(inside)).toBeLessThan(inner!.x1);
});

test('every prefix of a stream draws what the whole draws, but for what is not known yet', () => {
  const whole = tracksOf('main', firstSight);
  const rows = new FakeLoop().run('main', firstSight);
  const total = rows.count;
  const bytes = rows.trace();
  for (let cut = 1; cut <= total; cut++) {
    const streamed = new Trace();
    const tracks = new Tracks(streamed);
    for (const part of [cut, total - cut]) appendRows(streamed, bytes, part) && tracks.update();
    expect(ascii(tracks)).toBe(ascii(whole));
  }
});

test('a step that still runs is drawn as it grows, and replaced by its row', () => {
  const rows = new FrameWriter();
  const trace = new Trace();
  const tracks = new Tracks(trace);
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain: rows.chain('main', 1) });
  rows.row(Kind.LOOP, { how: How.BEGIN });
  rows.feed(trace, { now: [0.5, 1, 1, 0] });
  tracks.update();
  tracks.setScale('time');
  expect(ascii(tracks, 0.1)).toBe(['loop    |#####', 'main    |#####'].join('\n'));
  expect(tracks.at(1, 0.2)).toMatchObject({ state: State.RUN, open: true, event: trace.count });
  expect(outcome(tracks, 1)).toBe('runs');
  rows.feed(trace, { now: [0.8, 1, 1, 0] });
  tracks.update();
  expect(ascii(tracks, 0.1)).toBe(['loop    |########', 'main    |########'].join('\n'));
  rows.row(Kind.STEP, { how: How.RETURNED, t: 0, end: 0.6, subject: 1 });
  rows.row(Kind.LOOP, { how: How.END, t: 0.6 });
  rows.row(Kind.EXIT, { how: How.FINISHED, t: 1 });
  rows.feed(trace);
  tracks.update();
  expect(ascii(tracks, 0.1)).toBe(['loop    |######', 'main    |######'].join('\n'));
  expect(outcome(tracks, 1)).toBe('finished');
});

test('segments are told in words', () => {
  const tracks = tracksOf('main', function* (loop) {
    const item = loop.future('queue', 'Queue.get');
    loop.spawn('put', function* () {
      yield loop.sleep(0.05);
      loop.resolve(item);
    });
    yield item;
  });
  const [first, second] = tracks.stepsOf(1);
  const run = tracks.show(first as number)!;
  const wait = tracks.segment(1, run.index + 1)!;
  expect(sentence(tell(tracks, run))).toBe(
    'main runs step 1 of 2, then waits for Queue.get, line 2, at 0 s; started by the program',
  );
  expect(sentence(tell(tracks, wait))).toBe(
    'main waits for Queue.get, line 2, at 0 s for 50 ms; woken by put',
  );
  expect(tell(tracks, tracks.show(second as number)!).what).toBe('runs step 2 of 2 and returns');
  expect(outcome(tracks, LOOP_TRACK)).toBe('ended');
});

/** Appends `count` more rows of another trace to a trace, as one frame with all tables. */
function appendRows(to: Trace, from: Trace, count: number): boolean {
  const start = to.count;
  to.append({
    meta: {
      strings: [...from.strings],
      codes: [...from.codes].map(([id, c]) => [id, c.name, c.file, c.firstLine, c.own ? 1 : 0]),
      sites: [...from.sites].map(([id, s]) => [id, s.code, s.line, s.endLine, s.column, s.endColumn]),
      chains: [...from.chains].map(([id, c]) => [id, c.sites, c.kind, c.label]),
    },
    count,
    rows: rowsOf(from, start, start + count),
  });
  return true;
}

test('a task that is destroyed while it waits is no more from then on', () => {
  const loop = new FakeLoop();
  let note = -1;
  const tracks = new Tracks(
    loop
      .run('main', function* (self) {
        const lost = self.spawn('lost', function* (inner) {
          yield inner.future();
        });
        yield self.sleep(0.1);
        note = self.rows.count;
        self.rows.row(Kind.NOTE, {
          t: self.clock,
          subject: lost.id - 1,
          aux: self.rows.text('destroyed pending: '),
        });
        yield self.sleep(0.1);
      })
      .trace(),
  );
  tracks.update();
  expect(ascii(tracks, 0.02)).toBe(
    [
      'loop    |##-----#-----##', //
      'main    |#------/------#',
      '  lost  |/#qqqqqq',
    ].join('\n'),
  );
  const names = (event: number): string[] => new Instants(tracks).at(event).tasks.map(({ id }) => String(id));
  expect(names(note).length).toBe(names(note - 1).length - 1);
  expect(outcome(tracks, 2)).toBe('destroyed');
});
