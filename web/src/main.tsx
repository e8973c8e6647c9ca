/** The composition root: makes the parts, and connects what a person does with what they do. */
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import { defaultExample, defaultRecording, recordings } from 'virtual:loopscope-recordings';
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
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
import { lineMarks } from './views/panel/moment';
import { runAround } from './views/panel/words';
import { createPlayer } from './views/player';
import { type Actions, createStore, emptyRun, type Run } from './views/store';

type Program = Partial<Link> & { code: string };

const files = import.meta.glob<string>('../examples/*.py', { query: '?raw', import: 'default', eager: true });
const examples = readExamples(files, defaultExample || 'default');
const store = createStore();
const outputState = signal<OutputState>({ empty: true, earlier: 0, following: true });
const address = createAddress(location, history);
/** What an opened link says beside the program and the clock. */
let settings: Partial<Link> = {};

const actions: Actions = {
  run() {
    if (store.phase.value === 'running') return;
    asked = editor.text();
    if (matchMedia('(max-width: 719px)').matches && store.pane.value === 'program')
      store.pane.value = 'timeline';
    const seed = settings.seed === undefined ? {} : { seed: settings.seed };
    const { requirements = [] } = settings;
    runtime.run({ code: asked, clock: store.clock.value, requirements, ...seed });
  },
  stop: () => runtime.stop(),
  openExample(name) {
    const example = examples.find((candidate) => candidate.name === name);
    if (example) open({ code: example.code });
  },
  link() {
    const at = store.cursor.value < 0 || store.stale.value ? {} : { at: store.cursor.value };
    return address.link({ ...program(editor.text()), ...at });
  },
  look(event) {
    store.cursor.value = event < store.run.value.trace.count ? event : -1;
  },
  step(by) {
    store.cursor.value = store.run.value.steps.from(store.cursor.value, by);
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
  onChoose: (event) => actions.look(runAround(store.run.value.trace, event)),
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
const player = createPlayer(store, [output, timeline]);

/** The run that the runtime is at work on; the page may look at another one meanwhile. */
let live: Run | undefined;
/** What the next run will run: the editor may change while Python loads. */
let asked = '';
const runtime = createRuntime({
  phase(phase, detail) {
    if (phase === 'running') {
      live = emptyRun(asked, false);
      player.show(live);
    }
    store.phase.value = phase;
    store.detail.value = detail;
  },
  batch: (buffer) => live && player.append(live, buffer),
  error: (problem) => {
    store.problem.value = problem;
  },
  // End of input: the program gets an EOFError, as from a file that is at its end.
  ask: () => runtime.input(undefined),
  installed(requirements, loosened) {
    // Another program may have been opened meanwhile.
    if (live?.code !== editor.text()) return;
    settings = { ...settings, requirements };
    address.follow(program(editor.text()));
    if (loosened)
      store.notice.value = {
        text: 'The versions of packages that this link asks for can’t be had together any more. The latest that can are used.',
        urgent: false,
      };
  },
});

function program(code: string): Program {
  return { ...settings, code, clock: store.clock.value };
}

/** A program takes the place of the one before; an example shows the run that was recorded of it. */
function open({ code, clock = 'virtual', at, ...rest }: Program): void {
  if (store.phase.value === 'running') runtime.stop();
  const example = examples.find((candidate) => candidate.code === code);
  const recorded = example !== undefined && clock === 'virtual' && recordings[example.name] !== undefined;
  settings = rest;
  editor.setText(code);
  store.code.value = code;
  store.clock.value = clock;
  store.example.value = example?.name ?? '';
  store.problem.value = undefined;
  store.notice.value = undefined;
  const run = emptyRun(code, recorded);
  player.show(run);
  player.lookAt(at);
  if (!recorded) return;
  if (example.name === defaultExample) player.append(run, defaultRecording.slice().buffer);
  else void player.load(run, recordings[example.name] as string);
}

/** Opens the link in the address bar. A broken one takes nothing away: what is there stays, and the page says why. */
async function openAddress(first: boolean): Promise<void> {
  if (!first && location.hash === address.own) return;
  if (first && location.hash === '') return actions.openExample(defaultExample || 'default');
  try {
    const link = await decodeLink(location.hash);
    if (link) open(link);
  } catch (error) {
    if (first) actions.openExample(defaultExample || 'default');
    store.notice.value = { text: error instanceof Error ? error.message : String(error), urgent: true };
  }
}

effect(() => {
  const code = store.code.value;
  const plain = store.example.value === defaultExample && store.clock.value === 'virtual';
  if (code) address.follow(plain ? undefined : program(code));
});
effect(() => {
  const cursor = store.cursor.value;
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
