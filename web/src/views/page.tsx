import type { Signal } from '@preact/signals';
import { CompareDialog } from './compare';
import type { Editor } from './editor/editor';
import type { Example } from './examples';
import { Header } from './header';
import { LessonPane } from './lesson/pane';
import type { LessonActions, LessonState } from './lesson/state';
import { NoticeBar } from './notice';
import type { Output, OutputState } from './output/pane';
import { OutputPanel } from './output/panel';
import { Panel } from './panel/panel';
import { ProgramsButton } from './programs/button';
import { Slot } from './slot';
import { Splitter } from './splitter';
import type { Actions, Pane, Store } from './store';
import { Transport } from './transport';

export interface PageProps {
  store: Store;
  actions: Actions;
  examples: Example[];
  editor: Editor;
  output: Output;
  outputState: Signal<OutputState>;
  timeline: HTMLElement;
  lessons: LessonState;
  learn: LessonActions;
}

/** The whole page: header, program over output, timeline over transport and panel; a lesson beside them. */
export function Page(props: PageProps) {
  const { store, actions, examples, editor, output, outputState, timeline, lessons, learn } = props;
  const lesson = lessons.shown.value !== 'nothing';
  return (
    <div class="page" data-pane={store.pane.value}>
      <Header store={store} actions={actions} examples={examples} />
      <div class="notices">
        <NoticeBar told={store.offer} />
        <NoticeBar told={store.notice} />
      </div>
      <PaneSwitch store={store} lesson={lesson} />
      <main class={lesson ? 'workbench with-lesson' : 'workbench'}>
        {lesson && <LessonPane {...{ store, actions, lessons, learn }} />}
        {lesson && (
          <Splitter label="Width of the lesson" property="--split-lesson" vertical={true} initial={28} />
        )}
        <div class="column column-left">
          <section class="pane pane-program" id="pane-program" aria-labelledby="program-title">
            <div class="pane-head">
              <h2 id="program-title">Program</h2>
              <ProgramsButton store={store} actions={actions} />
              {store.stale.value && <span class="tag">edited since this run</span>}
              <span class="spring" />
              <span class="hint" id="editor-keys">
                Tab indents. Esc, then Tab leaves the editor.
              </span>
            </div>
            <Slot element={editor.element} class="fill" />
          </section>
          <Splitter
            key={lesson}
            label="Height of the program"
            property={lesson ? '--split-lesson-left' : '--split-left'}
            vertical={false}
            initial={lesson ? 82 : 64}
          />
          <OutputPanel store={store} actions={actions} output={output} state={outputState} />
        </div>
        <Splitter label="Width of the program" property="--split-main" vertical={true} initial={42} />
        <div class="column column-right pane-timeline" id="pane-timeline">
          <Slot element={timeline} class="pane" />
          <Splitter label="Height of the timeline" property="--split-right" vertical={false} initial={60} />
          <Transport store={store} actions={actions} />
          <Panel store={store} actions={actions} />
        </div>
      </main>
      <CompareDialog store={store} />
    </div>
  );
}

const PANES: { name: Pane; title: string }[] = [
  { name: 'program', title: 'Program' },
  { name: 'output', title: 'Output' },
  { name: 'timeline', title: 'Timeline' },
];

/** Narrow screens show one pane at a time. */
function PaneSwitch({ store, lesson }: { store: Store; lesson: boolean }) {
  const panes = lesson ? [{ name: 'lesson' as const, title: 'Lesson' }, ...PANES] : PANES;
  return (
    <nav class="pane-switch" aria-label="Panes">
      {panes.map(({ name, title }) => (
        <button
          type="button"
          key={name}
          aria-pressed={store.pane.value === name}
          aria-controls={`pane-${name}`}
          onClick={() => {
            store.pane.value = name;
          }}
        >
          {title}
        </button>
      ))}
    </nav>
  );
}
