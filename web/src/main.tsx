/** The composition root: makes the parts, and connects what a person does with what they do. */
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import { defaultExample, defaultRecording, recordings } from 'virtual:loopscope-recordings';
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { decodeFrames } from './protocol/decode';
import { createRuntime } from './runtime/client';
import { createAddress } from './share/address';
import { decodeLink, type Link } from './share/permalink';
import { createTimeline } from './timeline';
import type { EventIndex } from './trace/trace';
import { createEditor } from './views/editor/editor';
import { readExamples } from './views/examples';
import { listenToKeys } from './views/keys';
import { createOutput, type OutputState } from './views/output/pane';
import { Page } from './views/page';
import { stepAround } from './views/panel/describe';
import { lineMarks } from './views/panel/moment';
import { type Actions, createStore, emptyRun, type Run } from './views/store';

const files = import.meta.glob<string>('../examples/*.py', { query: '?raw', import: 'default', eager: true });
const examples = readExamples(files, defaultExample || 'default');
const store = createStore();
const outputState = signal<OutputState>({ empty: true, earlier: 0, following: true });
const address = createAddress(location, history);

/** The run that the runtime is at work on; the page may look at another one meanwhile. */
let live: Run | undefined;
/** What the next run will run: the editor may change while Python loads. */
let asked = '';
/** Of an opened link: what the page keeps for it, and the moment to look at once there is a run. */
let settings: Partial<Link> = {};
let moment: number | undefined;

const runtime = createRuntime({
  phase(phase, detail) {
    if (phase === 'running') {
      live = emptyRun(asked, false);
      show(live);
    }
    store.phase.value = phase;
    store.detail.value = detail;
  },
  batch: (buffer) => live && append(live, buffer),
  error: (problem) => {
    store.problem.value = problem;
  },
});

const actions: Actions = {
  run() {
    if (store.phase.value === 'running') return;
    asked = editor.text();
    if (matchMedia('(max-width: 719px)').matches && store.pane.value === 'program')
      store.pane.value = 'timeline';
    runtime.run({
      code: asked,
      clock: store.clock.value,
      ...(settings.seed === undefined ? {} : { seed: settings.seed }),
    });
  },
  stop: () => runtime.stop(),
  openExample(name) {
    const example = examples.find((candidate) => candidate.name === name);
    if (example) open({ code: example.code });
  },
  link: () =>
    address.link({
      ...current(editor.text()),
      ...(store.cursor.value < 0 ? {} : { at: store.cursor.value }),
    }),
  look(event) {
    store.cursor.value = event < store.run.value.trace.count ? event : -1;
  },
  step(by) {
    const { steps } = store.run.value;
    store.cursor.value = steps.from(store.cursor.value, by);
  },
  goToLine(line) {
    store.pane.value = 'program';
    editor.showLine(line, true);
  },
};

const editor = createEditor({
  onRun: actions.run,
  onEdit(text) {
    store.code.value = text;
    store.example.value = '';
  },
});
const output = createOutput({
  onChoose: (event) => actions.look(stepAround(store.run.value.trace, event)),
  onState: (state) => {
    outputState.value = state;
  },
});

const timelineHost = document.createElement('div');
const root = document.getElementById('app') as HTMLElement;
render(<Page {...{ store, actions, examples, editor, output, outputState, timeline: timelineHost }} />, root);

/** What the timeline has selected by itself: it need not be told. */
let selected: EventIndex = -1;
// It reads its colours from where it stands: after the page is there.
const timeline = createTimeline(timelineHost, {
  onSelect(event) {
    selected = event ?? -1;
    actions.look(selected);
  },
});

function current(code: string): Partial<Link> & { code: string } {
  return { ...settings, code, clock: store.clock.value };
}

function show(run: Run): void {
  store.cursor.value = -1;
  store.run.value = run;
  timeline.setTrace(run.trace);
  refresh();
}

function append(run: Run, buffer: ArrayBuffer): void {
  for (const frame of decodeFrames(buffer)) run.trace.append(frame);
  refreshSoon();
}

let frame = 0;
function refreshSoon(): void {
  frame ||= requestAnimationFrame(refresh);
}

function refresh(): void {
  cancelAnimationFrame(frame);
  frame = 0;
  const { trace, steps } = store.run.value;
  steps.update(trace);
  output.update(trace);
  timeline.update();
  store.version.value++;
  if (moment !== undefined && moment < trace.count) {
    actions.look(moment);
    moment = undefined;
  }
}

/** A program takes the place of the one before; an example shows the run that was recorded of it. */
function open(link: Partial<Link> & { code: string }): void {
  if (store.phase.value === 'running') runtime.stop();
  const { code, clock = 'virtual', at, ...rest } = link;
  const example = examples.find((candidate) => candidate.code === code);
  settings = rest;
  moment = at;
  editor.setText(code);
  store.code.value = code;
  store.clock.value = clock;
  store.example.value = example?.name ?? '';
  store.problem.value = undefined;
  store.notice.value = undefined;
  const run = emptyRun(code, example !== undefined && clock === 'virtual');
  show(run);
  if (example && run.recorded) void replay(run, example.name);
}

async function replay(run: Run, name: string): Promise<void> {
  if (name === defaultExample) return append(run, defaultRecording.slice().buffer);
  const url = recordings[name];
  const answer = url ? await fetch(url).catch(() => undefined) : undefined;
  if (answer?.ok) append(run, await answer.arrayBuffer());
}

async function openAddress(first: boolean): Promise<void> {
  if (!first && location.hash === address.own) return;
  try {
    const link = await decodeLink(location.hash);
    if (link) open(link);
    else if (first) actions.openExample(defaultExample || 'default');
  } catch (error) {
    if (first) actions.openExample(defaultExample || 'default');
    store.notice.value = { text: error instanceof Error ? error.message : String(error), urgent: true };
  }
}

effect(() => {
  const { value: code } = store.code;
  const plain = store.example.value === defaultExample && store.clock.value === 'virtual';
  if (code) address.follow(plain ? undefined : current(code));
});
effect(() => {
  const { value: cursor } = store.cursor;
  const event = cursor < 0 ? undefined : cursor;
  if (cursor !== selected) timeline.select(event);
  selected = cursor;
  timeline.setPlayhead(event);
});
effect(() => editor.problem(store.problem.value));
effect(() => {
  const marks = store.stale.value ? [] : lineMarks(store.run.value, store.cursor.value);
  editor.mark(marks);
  const line = marks.find((mark) => mark.kind === 'run')?.line;
  if (line) editor.showLine(line, false);
});
addEventListener('hashchange', () => void openAddress(false));
listenToKeys(actions);

void openAddress(true);
// The canvas can't wait for a font by itself.
void document.fonts.load('12px "Inter Variable"').then(() => timeline.update());
