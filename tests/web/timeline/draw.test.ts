import { expect, test } from 'vitest';
import { arrowsOf, arrowsWithin, drawArrow } from '../../../web/src/timeline/arrows';
import { drawAxis } from '../../../web/src/timeline/chrome';
import { drawPath } from '../../../web/src/timeline/critical';
import { drawLane } from '../../../web/src/timeline/lanes';
import type { Layout } from '../../../web/src/timeline/layout';
import { drawRow, type Scene } from '../../../web/src/timeline/rows';
import { type RowPicture, WIDE } from '../../../web/src/timeline/strips';
import type { Theme } from '../../../web/src/timeline/theme';
import { rasterRow } from '../../../web/src/trace/raster';
import { State } from '../../../web/src/trace/reason';
import { Tracks } from '../../../web/src/trace/tracks';
import { How, Kind } from '../helpers/frames';
import { type Coroutine, FakeLoop } from '../helpers/loop';
import { Recorder } from '../helpers/recorder';

const theme: Theme = {
  states: ['run', 'ready', 'sleep', 'sync', 'queue', 'task', 'io', 'other'],
  rgb: [],
  error: 'error',
  ink: 'ink',
  quiet: 'quiet',
  line: 'line',
  paper: 'paper',
  onRun: 'on-run',
  label: '11px sans',
  strong: '500 11px sans',
  size: 11,
  unit: 1,
};

const MID = 100;
const HEIGHT = 20;

function tracksOf(main: Coroutine): Tracks {
  const tracks = new Tracks(new FakeLoop().run('main', main).trace());
  tracks.update();
  return tracks;
}

/** Draws a track with `perRun` pixels for a handle run, from x = 0 at pixel 0. */
function draw(tracks: Tracks, track: number, perRun: number): Recorder {
  const recorder = new Recorder();
  const dx = tracks.scale.beta / perRun;
  const width = Math.ceil(tracks.scale.now() / dx) + 60;
  const scene: Scene = { context: recorder, theme, tracks, x0: 0, dx, left: 0, right: width, ratio: 1 };
  const picture: RowPicture = { track, version: tracks.version, x0: 0, dx, width, shapes: [], dense: false };
  rasterRow(tracks, track, 0, dx, width, WIDE, {
    wide: (index, from, to) => picture.shapes.push(index, from, to),
    pixel: () => {
      picture.dense = true;
    },
  });
  drawRow(scene, picture, MID, HEIGHT);
  return recorder;
}

test('on the axis an instant has one label, however often it is there', () => {
  const recorder = new Recorder();
  const layout = { gutter: 0, axisTop: 0, loopTop: 30, width: 900 } as Layout;
  const mark = (px: number, label: string) => ({ px, label });
  const still = [{ from: 0, to: 90, clock: 1, runs: 1, label: '1 s' }];
  drawAxis(recorder, theme, layout, [mark(300, '1 s'), mark(400, '2 s'), mark(500, '2 s')], still);
  expect(recorder.texts()).toEqual(['1 s', '2 s']);
});

const waiting: Coroutine = function* (loop) {
  loop.print('hello');
  yield loop.sleep(0.05);
  yield 'yield';
};

test('a task that sleeps: a solid tall run, a pale band on a line, the words where there is room', () => {
  // 4 runs in 50 ms: beta is 50 / 12 ms, so with 60 px a run the sleep of 50 ms takes 720 px.
  const drawn = draw(tracksOf(waiting), 1, 60);
  const runs = drawn.of('run').filter((d) => d.what === 'round');
  expect(runs.map((d) => d.box)).toEqual([
    [0, 90, 59, 20],
    [840, 90, 59, 20],
    [900, 90, 59, 20],
  ]);
  const [band, line] = drawn.of('sleep');
  expect(band).toMatchObject({ what: 'rect', alpha: 0.13, box: [60, 92, 750, 16] });
  expect(line).toMatchObject({ what: 'line', box: [60, 107.5, 750, 0] });
  expect(drawn.texts()).toEqual(['step 1', 'sleep(0.05)', 'step 2', 'step 3']);
});

test('output is a tick above the run that printed', () => {
  const drawn = draw(tracksOf(waiting), 1, 60);
  expect(drawn.of('ink').filter((d) => d.what === 'rect')).toMatchObject([{ box: [19, 86, 2, 3] }]);
});

test('waits differ by pattern as well as by colour', () => {
  const styleOf = (kind: string, label: string): unknown => {
    const drawn = draw(
      tracksOf(function* (loop) {
        const future = loop.future(kind, label);
        loop.callLater(0.05, () => loop.resolve(future));
        yield future;
      }),
      1,
      60,
    );
    expect(drawn.texts()).toContain(label);
    return drawn.of(kind).map((d) => [d.what, d.dash, d.box[3]]);
  };
  const styles = [
    styleOf('sync', 'Lock.acquire'),
    styleOf('queue', 'Queue.get'),
    styleOf('task', 'gather'),
    styleOf('io', 'read'),
  ];
  expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(styles.length);
});

test('small segments have no words, and tiny ones are no shapes', () => {
  expect(draw(tracksOf(waiting), 1, 16).texts()).toEqual(['sleep(0.05)']);
  const none = draw(tracksOf(waiting), 1, 2);
  expect(none.of('run')).toEqual([]);
});

test('a task that raised is crossed out in red, with the name of the exception', () => {
  const loop = new FakeLoop();
  const rows = loop.rows;
  rows.row(Kind.TASK, { subject: 1, aux: rows.text('Task-1'), chain: rows.chain('main', 1) });
  rows.row(Kind.STEP, { how: How.RAISED, subject: 1, aux: rows.text('ValueError') });
  rows.row(Kind.EXIT, {});
  const tracks = new Tracks(rows.trace());
  tracks.update();
  const drawn = draw(tracks, 1, 50);
  const [cross, name] = drawn.of('error');
  expect(cross).toMatchObject({ what: 'line' });
  expect(cross!.box[0]).toBeGreaterThanOrEqual(50);
  // The recorder's plot ends 60 px behind the run: too little for the name.
  expect(name).toBeUndefined();
});

test('arrows: from the run that woke the selected one, upright, and to those it woke', () => {
  const tracks = tracksOf(function* (loop) {
    const item = loop.future('queue', 'Queue.get');
    loop.spawn('put', function* () {
      yield 'yield';
      loop.resolve(item);
    });
    yield item;
  });
  const { scale } = tracks;
  const [first, woken] = tracks.stepsOf(1);
  const putter = tracks.stepsOf(2)[1] as number;
  const select = (event: number) => arrowsOf(tracks, tracks.show(event));
  const x = scale.ready(woken as number);
  expect(x).toBeGreaterThan(scale.begin(putter));
  expect(x).toBeLessThan(scale.end(putter));
  expect(select(woken as number)).toEqual([{ from: { track: 2, x }, to: { track: 1, x }, cause: true }]);
  expect(select(putter)).toEqual([{ from: { track: 2, x }, to: { track: 1, x }, cause: false }]);
  // The wait that ended so shows the same cause; main's first step created the other task.
  const wait = tracks.segment(1, tracks.show(first as number)!.index + 1);
  expect(arrowsOf(tracks, wait)).toEqual(select(woken as number));
  expect(select(first as number)).toMatchObject([{ from: { track: 1 }, to: { track: 2 }, cause: false }]);
  expect(tracks.segment(1, 5)!.state).toBe(State.READY);
});

test('an arrow ends on the edge of what it points at', () => {
  const recorder = new Recorder();
  drawArrow(recorder, theme, [50, 20], [50, 100], 10, true);
  const tip = recorder.drawn.find((d) => d.what === 'shape');
  expect(tip!.box[1] + tip!.box[3]).toBe(92);
  expect(tip!.box[0] + tip!.box[2] / 2).toBe(50);
});

test('a lane is a step line over its area, with the number where there is room', () => {
  // Pixels 0–9: nothing; 10–39: none; 40–69: 2; 70–79: 1 to 4, too dense to be told apart; 80–99: 4.
  const at = (c: number, low: number, high: number): number =>
    c < 10 ? -1 : c < 40 ? 0 : c < 70 ? 2 : c < 80 ? low : high;
  const columns = Array.from({ length: 100 }, (_, c) => c);
  const raster = {
    least: Int32Array.from(columns, (c) => at(c, 1, 4)),
    most: Int32Array.from(columns, (c) => at(c, 4, 4)),
    tooMuch: false,
  };
  const recorder = new Recorder();
  const level = { id: 7, most: 4, raster: () => raster };
  drawLane({ context: recorder, theme, left: 200 }, level, raster, 50, 22);
  const areas = recorder.of('queue').filter((d) => d.alpha === 0.2);
  expect(areas.map((d) => d.box)).toEqual([
    [240, 61, 30, 8],
    [270, 53, 10, 16],
    [280, 53, 20, 16],
  ]);
  expect(recorder.texts()).toEqual(['2', '4']);
  const least = recorder.of('queue').filter((d) => d.alpha === 0.35);
  expect(least.map((d) => d.box)).toEqual([[210, 69, 30, 1]]);
});

test('the words of what is ready stand clear of its hatching', () => {
  const drawn = draw(tracksOf(waiting), 1, 400);
  const words = drawn.drawn.find(({ text }) => text === 'its next turn');
  const [band, hatch] = drawn.of('ready').filter(({ box }) => box[0] + box[2] > words!.box[0]);
  expect(band).toMatchObject({ what: 'rect', alpha: 0.13 });
  expect(hatch!.what).toBe('line');
  expect(hatch!.box[0]).toBeGreaterThanOrEqual(words!.box[0] + 'its next turn'.length * 6);
  expect(hatch!.box[0] + hatch!.box[2]).toBe(band!.box[0] + band!.box[2]);
});

test('the critical path is a bar below what the run depended on, with a line where one task wakes another', () => {
  const tracks = tracksOf(function* (loop) {
    yield loop.spawn('child', function* (own) {
      yield own.sleep(0.05);
    });
  });
  const { trace, scale } = tracks;
  const steps = (track: number): readonly number[] => tracks.stepsOf(track);
  const [main, child] = [1, 2].map((track) => tracks.taskOf(track)) as [number, number];
  const path = [
    { begin: 0, end: 0, task: main, event: steps(2)[0]!, text: 'main starts child.' },
    { begin: 0, end: 0.05, task: child, event: steps(2)[0]!, text: 'child waits.' },
    { begin: 0.05, end: 0.05, task: main, event: steps(1)[0]!, text: 'child ends, and main goes on.' },
  ];
  expect(trace.now).toBe(0.05);
  const context = new Recorder();
  const dx = scale.now() / 1000;
  const scene: Scene = { context, theme, tracks, x0: 0, dx, left: 0, right: 1000, ratio: 1 };
  drawPath(scene, path, (row) => row * 50, 20, [0, 3]);
  const px = (x: number): number => x / dx;
  const bars = context.of('ink').filter((d) => d.what === 'round');
  expect(bars).toHaveLength(1);
  const [wait] = bars;
  // It leaves the bar and its words alone.
  expect(wait!.box[1]).toBeGreaterThan(100 + 20 / 2);
  expect(wait!.box[0]).toBeCloseTo(px(scale.end(steps(2)[0]!)));
  expect(wait!.box[0] + wait!.box[2]).toBeCloseTo(px(scale.ready(steps(2)[1]!)));
  // From main's row down to the child's; and up to main's again, where main became ready.
  const upright = context.of('ink').filter((d) => d.what === 'line' && d.box[3] > 0);
  expect(upright[0]!.box[1]).toBe(64);
  expect(upright.at(-1)!.box[0]).toBe(Math.round(px(scale.ready(steps(1)[1]!))) + 0.5);
  expect(Math.min(...upright.map((d) => d.box[1]))).toBe(64);
});

test('from task to task the critical path goes behind what lies between them', () => {
  const sleeps = function* (own: FakeLoop): Generator<unknown> {
    yield own.sleep(0.05);
  } as Coroutine;
  const tracks = tracksOf(function* (loop) {
    for (const name of ['first', 'second']) loop.spawn(name, sleeps);
    yield loop.spawn('third', sleeps);
  });
  tracks.rows.arrange(0, 1);
  const { scale } = tracks;
  const [main, third] = [1, 4].map((track) => tracks.taskOf(track)) as [number, number];
  const [begins] = tracks.stepsOf(4) as [number];
  const path = [
    { begin: 0, end: 0, task: main, event: begins, text: '' },
    { begin: 0, end: 0.05, task: third, event: begins, text: '' },
  ];
  const context = new Recorder();
  const dx = scale.now() / 1000;
  const scene: Scene = { context, theme, tracks, x0: 0, dx, left: 0, right: 1000, ratio: 1 };
  drawPath(scene, path, (row) => row * 50, 20, [0, 5]);
  const upright = context.of('ink').filter((d) => d.what === 'line' && d.box[3] > 0);
  // Rows 2 and 3: each of them is ready there.
  for (const row of [2, 3])
    for (const { box } of upright)
      expect(box[1] + box[3] <= row * 50 - 10 || box[1] >= row * 50 + 10).toBe(true);
  expect(upright.length).toBeGreaterThan(2);
});

test('the critical path ends a wait where its bar ends, though sums of times differ in their last digits', () => {
  const tracks = tracksOf(function* (loop) {
    yield loop.spawn('early', function* () {
      yield loop.sleep(0.06);
    });
    yield loop.sleep(0.01);
  });
  const { scale, trace } = tracks;
  const [first, second] = tracks.stepsOf(2) as [number, number];
  // 0.025 + 0.035 is a little more than 0.06.
  const wait = { begin: 0, end: 0.025 + 0.035, task: trace.subject.at(first), event: first, text: '' };
  const drawn = (link: typeof wait): number => {
    const context = new Recorder();
    const dx = scale.now() / 1000;
    const scene: Scene = { context, theme, tracks, x0: 0, dx, left: 0, right: 1000, ratio: 1 };
    drawPath(scene, [link], (row) => row * 50, 20, [0, 3]);
    const [box] = context.of('ink');
    return (box!.box[0] + box!.box[2]) * dx;
  };
  expect(drawn(wait)).toBeCloseTo(scale.ready(second));
  // A step that the loop came to late: it waited for its timer, and then stood in line.
  expect(drawn({ ...wait, end: 0.05 })).toBeCloseTo(scale.reaches(0.05));
});

test('all wake-ups of a window are drawn where there are few, and none where there are many', () => {
  const tracks = tracksOf(function* (loop) {
    for (let k = 0; k < 40; k++)
      loop.spawn('child', function* () {
        yield 'yield';
      });
    yield 'yield';
  });
  const { scale } = tracks;
  expect(arrowsWithin(tracks, 0, scale.now())).toEqual([]);
  // Runs 1 to 3 are the first children's, started by main in run 0.
  const [first, third] = [1, 3].map((k) => scale.begin(scale.runs.rowOf(k))) as [number, number];
  const near = arrowsWithin(tracks, 0, third);
  expect(near.map((arrow) => [arrow.from.track, arrow.to.track])).toEqual([
    [1, 2],
    [1, 3],
    [1, 4],
  ]);
  // From outside of the window none comes.
  expect(arrowsWithin(tracks, first, third)).toEqual([]);
});
