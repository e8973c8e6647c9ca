/**
 * The playground in a frame of somebody's page: a program, its output, its timeline. Python comes when somebody presses Run;
 * until then there is the recorded run that the page around it carries, or that the site has of the program.
 */
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import { recordings } from 'virtual:loopscope-recordings';
import { batch, effect, signal } from '@preact/signals';
import { render } from 'preact';
import { createAddress } from './embed/address';
import { type Desk, findDesk } from './embed/desk';
import { Frame } from './embed/frame';
import { createOpenings, type Program } from './embed/openings';
import { type EmbedPane, readOptions } from './embed/options';
import { forceScheme } from './embed/theme';
import { createRuns, type Runs } from './main/runs';
import type { Hello, Show } from './playground/messages';
import { createRuntime } from './runtime/client';
import type { Link } from './share/permalink';
import { createTimeline } from './timeline';
import type { EventIndex } from './trace/trace';
import { createEditor } from './views/editor/editor';
import { emptyTimeline } from './views/empty';
import { exampleOf, readExamples } from './views/examples';
import { listenToKeys } from './views/keys';
import { createOutput, type OutputState } from './views/output/pane';
import { lineMarks } from './views/panel/moment';
import { runAround } from './views/panel/words';
import { createPlayer } from './views/player';
import { createStore, emptyRun, type Run, type RunActions } from './views/store';

const options = readOptions(location.search);
if (options.theme) forceScheme(options.theme);

const files = import.meta.glob<string>('../examples/*.py', { query: '?raw', import: 'default', eager: true });
const examples = readExamples(files, 'default');
const store = createStore();
const outputState = signal<OutputState>({ empty: true, earlier: 0, following: true });
const open = signal<readonly EmbedPane[]>(options.panes);
const narrow = signal<EmbedPane>(
  options.panes.includes('output') ? 'output' : (options.panes[0] ?? 'output'),
);
/** What a program came with beside its clock and its pace. */
const settings = signal<Partial<Link>>({});
const address = createAddress(store, settings);
let desk: Desk | undefined;
let runs: Runs | undefined;

/** Nothing is loaded before somebody wants to run something. */
function python(): Runs {
  if (runs && !desk?.closed) return runs;
  const found = findDesk((events) => createRuntime(events));
  desk = found;
  runs = createRuns(
    store,
    player,
    (code, requirements) => {
      if (code === editor.text()) settings.value = { ...settings.value, requirements };
    },
    (events) => found.sit(events),
  );
  return runs;
}

const actions: RunActions = {
  run() {
    if (store.live.value) return;
    const { seed, requirements = [] } = settings.value;
    const clock = store.clock.value;
    const pace = clock === 'virtual' ? store.pace.value : 0;
    const variables = store.variables.value;
    const options = { code: editor.text(), clock, pace, variables, requirements };
    python().start({ ...options, ...(seed !== undefined && { seed }) });
  },
  stop: () => runs?.stop(),
  pause: () => runs?.pause(),
  goOn: () => runs?.goOn(),
  runOne: () => runs?.runOne(),
  answer: (text) => runs?.answer(text),
  look(event) {
    store.present.value = false;
    store.aim.value = undefined;
    store.cursor.value = event < store.run.value.trace.count ? event : -1;
  },
  step: (by) => actions.look(store.run.value.steps.from(store.cursor.value, by)),
  goToLine: (line) => editor.showLine(line, true),
};

const editor = createEditor({
  onRun: actions.run,
  onEdit(text) {
    store.code.value = text;
  },
  readOnly: options.readOnly,
  // A playground is a part of somebody's page: whoever walks through that by Tab comes out again.
  tabLeaves: true,
});
const output = createOutput({
  onChoose: (event) => actions.look(runAround(store.run.value.trace, event)),
  onState: (state) => {
    outputState.value = state;
  },
});
const timelineHost = document.createElement('div');
const parts = { store, actions, output, outputState, open, narrow, address, readOnly: options.readOnly };
store.phase.value = 'ready';
render(
  <Frame {...parts} editor={editor.element} timeline={timelineHost} />,
  document.getElementById('app') as HTMLElement,
);
let selected: EventIndex = -1;
const timeline = createTimeline(timelineHost, {
  onSelect(event, segment) {
    selected = event ?? -1;
    actions.look(selected);
    store.present.value = segment !== undefined && event === undefined;
  },
});
const player = createPlayer(store, output, timeline);

/** Puts a program on the page, with the run that is known of it. */
function put({ at, task, part, view: _, ...program }: Program, recorded?: Run): void {
  const { code: text, clock = 'virtual', pace = 0, ...rest } = program;
  const example = recorded ? undefined : exampleOf(examples, text);
  const code = example?.code ?? text;
  runs?.stop();
  batch(() => {
    settings.value = rest;
    editor.setText(code);
    // As the editor has it, with line ends of one kind: what runs is compared with it.
    store.code.value = editor.text();
    store.clock.value = clock;
    store.pace.value = pace;
    store.variables.value = rest.variables ?? false;
    store.problem.value = undefined;
    store.notice.value = undefined;
  });
  const known = example && clock === 'virtual' && recordings[example.name];
  const run = recorded ?? emptyRun(code, Boolean(known));
  // Before it is shown: a recorded run is whole already.
  player.lookAt(at, task === undefined ? undefined : { task, part });
  player.show(run);
  if (known) void player.load(run, known);
}

function complain(error: unknown): void {
  store.notice.value = { text: error instanceof Error ? error.message : String(error), urgent: true };
}

const openings = createOpenings(put, complain);
const openAddress = (): void => void openings.address(location.hash);

function hear({ source, data }: MessageEvent): void {
  if (source !== parent || typeof data !== 'object' || data === null) return;
  const message = data as Partial<Show>;
  if (message.loopscope === 'show') void openings.page(message, location.hash);
}

effect(() => timeline.setEmpty(emptyTimeline(store)));
effect(() => {
  const cursor = store.cursor.value;
  const event = cursor < 0 ? undefined : cursor;
  if (cursor !== selected) timeline.select(event, store.aim.peek());
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
listenToKeys(store, actions);
addEventListener('hashchange', openAddress);
// The page takes the playground away, or is left itself: from the browser's cache it comes back to a Run that finds Python anew.
addEventListener('pagehide', () => {
  runs?.leave();
  runs = undefined;
});
if (options.fromPage && parent !== window) {
  addEventListener('message', hear);
  const hello: Hello = { loopscope: 'hello' };
  parent.postMessage(hello, '*');
}
openAddress();
if (options.autoload) {
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    python();
  }).observe(document.body);
}
void document.fonts.load('12px "Inter Variable"').then(() => timeline.update());
