import { expect, test } from 'vitest';
import { keyAction } from '../../../web/src/timeline/keys';
import { layoutFor } from '../../../web/src/timeline/layout';
import {
  findAgain,
  landmark,
  neighbour,
  neighbourRun,
  playheadAt,
  segmentAt,
  segmentOnRow,
} from '../../../web/src/timeline/navigate';
import { Viewport } from '../../../web/src/timeline/viewport';
import { aimOf, segmentOf } from '../../../web/src/trace/aim';
import { State } from '../../../web/src/trace/reason';
import { Kind } from '../../../web/src/trace/trace';
import { type Segment, Tracks } from '../../../web/src/trace/tracks';
import { FakeLoop } from '../helpers/loop';

function twoTasks(): Tracks {
  const loop = new FakeLoop();
  const rows = loop.run('main', function* (self) {
    const child = self.spawn('child', function* (inner) {
      yield inner.sleep(0.05);
    });
    yield child;
  });
  const tracks = new Tracks(rows.trace());
  tracks.update();
  return tracks;
}

const states = (segments: (Segment | undefined)[]) => segments.map((s) => s && [s.track, s.state]);

test('run by run in the order of the loop, callbacks included', () => {
  const tracks = twoTasks();
  const walked: (Segment | undefined)[] = [];
  for (let s = neighbourRun(tracks, undefined, 1); s; s = neighbourRun(tracks, s, 1)) walked.push(s);
  // main, child, the timer's callback, child, main.
  expect(walked.map((s) => s?.track)).toEqual([1, 2, 0, 2, 1]);
  const back: (Segment | undefined)[] = [];
  for (let s = neighbourRun(tracks, undefined, -1); s; s = neighbourRun(tracks, s, -1)) back.push(s);
  expect(back).toEqual(walked.reverse());
});

test('from a wait the next run is the step it leads to, the previous the one it followed', () => {
  const tracks = twoTasks();
  const [first, second] = [...tracks.stepsOf(2)].map((step) => tracks.show(step));
  const wait = neighbour(tracks, first as Segment, 1);
  expect(wait?.state).toBe(State.SLEEP);
  expect(neighbourRun(tracks, wait, 1)).toEqual(second);
  expect(neighbourRun(tracks, wait, -1)).toEqual(first);
});

test('segment by segment along a track', () => {
  const tracks = twoTasks();
  const walked: (Segment | undefined)[] = [];
  for (let s = segmentOnRow(tracks, 2, -1); s; s = neighbour(tracks, s, 1)) walked.push(s);
  expect(states(walked)).toEqual([
    [2, State.READY],
    [2, State.RUN],
    [2, State.SLEEP],
    [2, State.READY],
    [2, State.RUN],
  ]);
});

test('every segment is found again by what is told of it, also where a step follows being ready and leads to it', () => {
  const loop = new FakeLoop();
  const rows = loop.run('main', function* (self) {
    const child = self.spawn('child', function* (inner) {
      yield inner.sleep(0.05);
      yield 'yield';
      yield 'yield';
    });
    yield self.sleep(0.05);
    yield 'yield';
    yield child;
  });
  const tracks = new Tracks(rows.trace());
  tracks.update();
  for (const track of [1, 2]) {
    const walked: Segment[] = [];
    for (let s = segmentOnRow(tracks, track, -1); s; s = neighbour(tracks, s, 1)) walked.push(s);
    expect(walked.length).toBeGreaterThan(7);
    for (const segment of walked) {
      expect(findAgain(tracks, landmark(tracks, segment))).toEqual(segment);
      expect(segmentOf(tracks, segment.event, aimOf(tracks, segment))).toEqual(segment);
    }
  }
  // A task that did not live then, or is none of this run.
  const [step] = tracks.stepsOf(1) as [number];
  expect(segmentOf(tracks, step, { task: 999, part: 'after' })).toEqual(tracks.show(step));
  expect(segmentOf(tracks, 10_000, { task: tracks.taskOf(2), part: 'after' })).toBeUndefined();
});

test('the pointer finds a step that is thinner than itself', () => {
  const tracks = twoTasks();
  tracks.setScale('time');
  const layout = layoutFor(1000, 400, 1, false, 2);
  const view = new Viewport();
  view.bound(tracks.scale.now(), 0, 1000 - layout.gutter, 100, 300);
  view.fit();
  const x = layout.gutter + view.toPx(0.05);
  const y = layout.rowsTop + layout.row * 1.5;
  expect(segmentAt(tracks, layout, view, x - 1, y)).toMatchObject({ track: 2, state: State.RUN });
  expect(segmentAt(tracks, layout, view, x - 40, y)).toMatchObject({ track: 2, state: State.SLEEP });
  expect(segmentAt(tracks, layout, view, layout.gutter - 5, y)).toBeUndefined();
  expect(segmentAt(tracks, layout, view, x, layout.loopTop - 4)).toBeUndefined();
});

test('letters count by their place on the keyboard; shortcuts of the browser are left alone', () => {
  const key = (code: string, name: string, ctrlKey = false) =>
    keyAction({ code, key: name, ctrlKey, metaKey: false, altKey: false });
  expect(key('KeyW', 'z')).toEqual({ do: 'zoom', factor: 0.8 });
  expect(key('KeyF', 'f')).toEqual({ do: 'fit' });
  expect(key('KeyF', 'f', true)).toBeUndefined();
  expect(key('Comma', ',')).toEqual({ do: 'run', by: -1 });
  expect(key('KeyX', 'x')).toBeUndefined();
});

test('the playhead stands on what runs, and where a wait of the loop begins', () => {
  const tracks = twoTasks();
  const { trace, scale } = tracks;
  const events = [...Array(trace.count).keys()];
  const idle = events.filter((event) => trace.kind.at(event) === Kind.IDLE);
  expect(idle.map((event) => trace.end.at(event) - trace.t.at(event))).toEqual([0.05]);
  for (const event of idle) expect(playheadAt(tracks, event)).toBe(scale.begin(event));
  for (const event of events.filter((event) => trace.kind.at(event) === Kind.STEP)) {
    expect(playheadAt(tracks, event)).toBeGreaterThan(scale.begin(event));
    expect(playheadAt(tracks, event)).toBeLessThan(scale.end(event));
  }
});
