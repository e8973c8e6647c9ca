/** The composition root: makes the parts, and connects what a person does with what they do. */
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import { defaultExample } from 'virtual:loopscope-recordings';
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { idleMoment, whenCalm } from './main/calm';
import { createFiles } from './main/files';
import { createLessons } from './main/lessons';
import { keepOffline } from './main/offline';
import { createPermissions } from './main/permissions';
import { createPrograms, firstProgram } from './main/programs';
import { createRuns } from './main/runs';
import { createRuntime } from './runtime/client';
import { createTimeline, type TimelineView } from './timeline';
import { aimOf } from './trace/aim';
import type { EventIndex } from './trace/trace';
import { createEditor } from './views/editor/editor';
import { emptyTimeline } from './views/empty';
import { readExamples } from './views/examples';
import { listenToKeys } from './views/keys';
import { deadlockWords } from './views/live';
import { createOutput, type OutputState } from './views/output/pane';
import { Page } from './views/page';
import { findingMarks, lineMarks } from './views/panel/moment';
import { runAround } from './views/panel/words';
import { createPlayer } from './views/player';
import { type Actions, createStore } from './views/store';

const files = import.meta.glob<string>('../examples/*.py', { query: '?raw', import: 'default', eager: true });
const examples = readExamples(files, defaultExample || 'default');
const store = createStore();
const outputState = signal<OutputState>({ empty: true, earlier: 0, following: true });

/** How long nothing has to load or run before what long traces need is rehearsed. */
const REHEARSAL_MS = 1000;

/** The first program is not there yet: it is looked up. `wanted`: somebody has pressed Run meanwhile. */
let opening = true;
let wanted = false;

const actions: Actions = {
  run() {
    if (opening) {
      wanted = true;
      return;
    }
    // One runs, or its packages still come: what comes with them is that program's.
    if (store.live.value || !lessons.mayRun()) return;
    if (matchMedia('(max-width: 719px)').matches && store.pane.value === 'program')
      store.pane.value = 'timeline';
    const { seed, requirements = [] } = programs.settings;
    programs.running();
    const clock = store.clock.value;
    const pace = clock === 'virtual' ? store.pace.value : 0;
    const variables = store.variables.value;
    runs.start({
      code: editor.text(),
      clock,
      pace,
      variables,
      requirements,
      ...(seed !== undefined && { seed }),
    });
  },
  stop: () => runs.stop(),
  pause: () => runs.pause(),
  goOn: () => runs.goOn(),
  runOne: () => runs.runOne(),
  answer: (text) => runs.answer(text),
  openExample: (name) => programs.openExample(name),
  saveTrace: () => void traces.save(),
  exportTrace: (as) => traces.exportAs(as),
  openTrace: (file) => void traces.open(file),
  link: () => programs.link(),
  programs: () => programs.programs(),
  newProgram: () => programs.newProgram(),
  openProgram: (id) => programs.openProgram(id),
  bringBack: (id, key) => programs.bringBack(id, key),
  nameProgram: (id, name) => programs.nameProgram(id, name),
  deletePrograms: (ids) => programs.deletePrograms(ids),
  look(event) {
    store.present.value = false;
    store.aim.value = undefined;
    store.cursor.value = event < store.run.value.trace.count ? event : -1;
  },
  step: (by) => actions.look(store.run.value.steps.from(store.cursor.value, by)),
  goToLine(line) {
    store.pane.value = 'program';
    editor.showLine(line, true);
  },
};

const editor = createEditor({
  onRun: actions.run,
  waits: true,
  text: firstProgram(examples),
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
const lessons = createLessons({
  store,
  actions,
  editor,
  // They are made below: the timeline needs the page first.
  player: () => player,
  programs: () => programs,
});
const page = {
  store,
  actions,
  examples,
  editor,
  output,
  outputState,
  lessons: lessons.state,
  learn: lessons,
};
render(<Page {...page} timeline={timelineHost} />, root);

const player = createPlayer(store, output);
const permissions = createPermissions(store);
const runs = createRuns(
  store,
  player,
  (code, requirements, loosened) => {
    // Another program may have been opened meanwhile.
    if (code !== editor.text()) return;
    programs.pin(requirements);
    if (loosened)
      store.notice.value = {
        text: 'The versions of packages that this link asks for can’t be had together any more. The latest that can are used.',
        urgent: false,
      };
  },
  createRuntime,
  permissions,
);
const programs = createPrograms(store, editor, player, examples, {
  onOpen: () => {
    runs.stop();
    permissions.forget();
  },
  onOpened: (link) => lessons.left(link),
  route: (fragment, first) => lessons.open(fragment, first),
});
const traces = createFiles(store, programs, () => timeline?.picture());

effect(() => output.lookAt(store.cursor.value < 0 ? undefined : store.cursor.value));
effect(() => editor.problem(store.problem.value));
effect(() => {
  // Who looks at nothing yet sees why nothing goes on.
  const idle = store.tab.peek() === 'selected' && store.cursor.peek() < 0 && !store.aim.peek();
  if (deadlockWords(store) && idle) store.tab.value = 'findings';
});
effect(() => {
  const run = store.run.value;
  // Findings come after the run's end.
  store.version.value;
  const atEnd = store.cursor.value < 0 && !store.present.value;
  const marks = store.stale.value ? [] : atEnd ? findingMarks(run) : lineMarks(run, store.cursor.value);
  editor.mark(marks);
  const line = marks.find((mark) => mark.kind === 'run')?.line;
  if (line) editor.showLine(line, false);
});

addEventListener('hashchange', () => void programs.openAddress(false));
listenToKeys(store, actions);
void programs.openAddress(true).finally(() => {
  opening = false;
  // The address was there before anybody pressed Run.
  void traces.openAddress();
  if (wanted) actions.run();
});
// `?without=offline`: as in engines that have no service worker.
const withoutWorker = new URLSearchParams(location.search).get('without')?.includes('offline');
if (import.meta.env.PROD) keepOffline(store, withoutWorker ? undefined : navigator.serviceWorker, runs.leave);
// Without it long traces are read more slowly.
const rehearse = () => import('./main/rehearsal').then((it) => it.rehearse(idleMoment));
whenCalm(store, REHEARSAL_MS, () => void rehearse().catch(() => {}));

let timeline: TimelineView | undefined;

/** The timeline: it reads its colours from where it stands, after the page is there. */
function addTimeline(): void {
  /** What it has selected by itself: it need not be told. */
  let selected: EventIndex = -1;
  const made = createTimeline(timelineHost, {
    onSelect(event, segment) {
      selected = event ?? -1;
      actions.look(selected);
      store.aim.value = segment && aimOf(store.run.value.tracks, segment);
      // What is running has no event yet: the page looks at the present.
      store.present.value = segment !== undefined && event === undefined;
    },
  });
  timeline = made;
  player.add(made);
  effect(() => made.setPath(store.path.value ? store.run.value.trace.path : undefined));
  effect(() => made.setEmpty(emptyTimeline(store)));
  effect(() => {
    const cursor = store.cursor.value;
    const event = cursor < 0 ? undefined : cursor;
    if (cursor !== selected) made.select(event, store.aim.peek());
    selected = cursor;
    made.setPlayhead(event);
  });
  // The canvas can't wait for a font by itself.
  void document.fonts.load('12px "Inter Variable"').then(() => made.update());
}

// The program can be edited meanwhile.
setTimeout(addTimeline);
