/** Lessons on the page: opens them, asks before a run is shown, and grades what was predicted from the run's trace. */
import { lessons as course } from 'virtual:loopscope-lessons';
import { defaultExample } from 'virtual:loopscope-recordings';
import { effect } from '@preact/signals';
import { grade, questionsFor } from '../lessons/grade';
import { type Lesson, type Question, readQuestions } from '../lessons/lesson';
import type { Link } from '../share/permalink';
import { saveFile } from '../share/save';
import { writeClipboard } from '../views/copy';
import type { Editor } from '../views/editor/editor';
import { createMemory, type Progress, parseProgress, writeProgress } from '../views/lesson/progress';
import { createLessonState, isVeiled, type LessonActions, type LessonState } from '../views/lesson/state';
import { verdict } from '../views/lesson/verdict';
import type { Player } from '../views/player';
import { type Actions, emptyRun, type Store } from '../views/store';
import { LESSONS, type Programs } from './programs';

export interface Lessons extends LessonActions {
  readonly state: LessonState;
  /** Opens `#lessons` and `#lesson=…`; whether the fragment is one of these. `first`: there is no program yet. */
  open(fragment: string, first: boolean): boolean | Promise<void>;
  /** Another program took the lesson's place; `link` is what opened it. */
  left(link?: Partial<Link>): void;
  /** Run was pressed: whether the program may run now. What happens instead is done here. */
  mayRun(): boolean;
}

export function createLessons(parts: {
  store: Store;
  actions: Actions;
  editor: Editor;
  player: () => Player;
  programs: () => Programs;
}): Lessons {
  const { store, actions, editor, player, programs } = parts;
  const memory = createMemory(() => localStorage);
  const state = createLessonState(course, memory.read());
  const { shown, lesson, stage, given, outcome, hurried, progress } = state;
  /** The lesson asked for last: a slower one that arrives later is dropped, and so is one after which a program was run. */
  let wanted = '';

  function begin(next: Lesson): void {
    lesson.value = next;
    shown.value = 'lesson';
    given.value = next.questions.map(() => undefined);
    outcome.value = undefined;
    hurried.value = false;
    stage.value = 'predict';
    store.pane.value = 'lesson';
  }

  async function openLesson(slug: string, first: boolean): Promise<void> {
    wanted = slug;
    const late = programs().ask();
    const entry = course.find((item) => item.slug === slug);
    const loaded = entry && (await load(entry.url));
    if (wanted !== slug) return;
    if (loaded && late()) {
      store.notice.value = {
        text: `The lesson “${loaded.title}” came after you had gone on: it was not opened.`,
        urgent: false,
        action: { label: 'Open it', run: () => void openLesson(slug, false) },
      };
      return;
    }
    if (!loaded) {
      if (first) programs().openExample(defaultExample || 'default');
      const why = entry ? 'could not be loaded. Check the connection and open it again' : 'does not exist';
      store.notice.value = { text: `The lesson “${slug}” ${why}.`, urgent: true };
      if (!entry) shown.value = 'list';
      return;
    }
    programs().openLesson(loaded, `#lesson=${slug}`);
    begin(loaded);
    const taken = progress.value[slug];
    if (!taken || taken.given.length !== loaded.questions.length) return;
    given.value = taken.given.map((answer) => answer ?? undefined);
    await playRecording();
  }

  /** Shows the recorded run, and grades it. */
  async function playRecording(): Promise<void> {
    const here = lesson.value as Lesson;
    stage.value = 'running';
    const run = emptyRun(here.code, true);
    player().show(run);
    await player().load(run, here.recording);
    if (lesson.value !== here || stage.value !== 'running') return;
    if (run.trace.count > 0) reveal();
    else {
      stage.value = 'predict';
      store.notice.value = {
        text: 'The lesson’s recorded run could not be loaded. Run it once more when Python is there.',
        urgent: true,
      };
    }
  }

  function reveal(): void {
    const { questions, slug } = lesson.value as Lesson;
    const run = store.run.value;
    const answers = questions.map((question, k) => {
      const graded = grade(run.trace, question, given.value[k]);
      return { grade: graded, verdict: verdict(run.trace, graded) };
    });
    outcome.value = { run, answers };
    stage.value = 'revealed';
    const parted = answers.find((answer) => !answer.grade.right) ?? answers[0];
    if (parted) actions.look(parted.verdict.event);
    if (!slug || given.value.every((answer) => answer === undefined)) return;
    keep({
      ...progress.value,
      [slug]: {
        given: given.value.map((answer) => answer ?? null),
        right: answers.map((answer) => answer.grade.right),
        at: progress.value[slug]?.at ?? new Date().toISOString(),
      },
    });
  }

  function keep(next: Progress): void {
    progress.value = next;
    const problem = memory.write(next);
    if (problem) store.notice.value = { text: problem, urgent: true };
  }

  /** Whether the program in the editor is the one that is asked about. */
  function asked(): boolean {
    return shown.value === 'lesson' && editor.text() === lesson.value?.code;
  }

  const learn: Lessons = {
    state,
    open(fragment, first) {
      const [, slug] = /^#lesson=([\w-]+)$/.exec(fragment) ?? [];
      if (slug) return openLesson(slug, first);
      if (fragment === LESSONS) {
        wanted = '';
        shown.value = 'list';
        store.pane.value = 'lesson';
      } else return false;
      return true;
    },
    left(link) {
      wanted = '';
      const questions = readQuestions(link?.quiz);
      if (questions.length > 0) begin({ ...NOTHING, code: link?.code ?? '', questions });
      else if (shown.value === 'lesson') learn.close();
    },
    mayRun() {
      if (!asked() || stage.value !== 'predict') return true;
      if (given.value.some((answer) => answer === undefined)) {
        hurried.value = true;
        store.pane.value = 'lesson';
        requestAnimationFrame(() =>
          document.querySelector<HTMLElement>('.question.missing :is(input, button)')?.focus(),
        );
        return false;
      }
      stage.value = 'running';
      if (store.phase.value !== 'loading' || !lesson.value?.recording) return true;
      void playRecording();
      return false;
    },
    predict(question, answer) {
      given.value = given.value.map((old, k) => (k === question ? answer : old));
    },
    reveal() {
      given.value = given.value.map(() => undefined);
      stage.value = 'running';
      if (store.phase.value === 'loading' && lesson.value?.recording) void playRecording();
      else actions.run();
    },
    again() {
      const here = lesson.value as Lesson;
      if (here.slug) programs().openLesson(here, `#lesson=${here.slug}`);
      else player().show(emptyRun(here.code, false));
      begin(here);
    },
    change(replace) {
      const from = contains(editor.text(), replace) ? editor.text() : (lesson.value?.code ?? '');
      write(replace.reduce((text, [old, next]) => text.replace(old, () => next), from));
    },
    restore: () => write(lesson.value?.code ?? ''),
    close() {
      shown.value = 'nothing';
      lesson.value = undefined;
      if (store.pane.value === 'lesson') store.pane.value = 'program';
      programs().leaveLesson();
    },
    exportProgress() {
      saveFile(
        new Blob([writeProgress(progress.value)], { type: 'application/json' }),
        'loopscope-lessons.json',
      );
    },
    importProgress(text) {
      const found = parseProgress(text);
      if (Object.keys(found).length > 0) keep({ ...progress.value, ...found });
      else store.notice.value = { text: 'That file holds no progress of Loopscope’s lessons.', urgent: true };
    },
    clearProgress: () => keep({}),
    ownQuestions() {
      const { trace, code } = store.run.value;
      const of = code === editor.text() && trace.exit ? questionsFor(trace) : undefined;
      return [of?.order, of?.duration].filter((question) => question !== undefined);
    },
    async shareQuiz(questions) {
      const link = await programs().link(questions);
      return (await writeClipboard(link)) ? '' : link;
    },
  };

  function write(text: string): void {
    editor.setText(text);
    store.code.value = text;
    store.example.value = '';
    store.pane.value = 'program';
  }

  // The run that was asked for has ended: it is compared.
  effect(() => {
    const phase = store.phase.value;
    if (stage.peek() !== 'running' || store.run.peek().recorded) return;
    if (phase === 'stopped') stage.value = 'predict';
    else if (phase === 'finished' || (phase === 'failed' && store.run.peek().trace.exit)) reveal();
    else if (phase === 'failed' && lesson.peek()?.recording) void playRecording();
    else if (phase === 'failed') stage.value = 'predict';
  });
  effect(() => {
    store.veiled.value = isVeiled(state);
  });
  return learn;
}

const NOTHING: Lesson = {
  slug: '',
  number: 0,
  title: '',
  summary: '',
  code: '',
  recording: '',
  intro: '',
  questions: [] as Question[],
  look: '',
  change: [],
};

async function load(url: string): Promise<Lesson | undefined> {
  try {
    const answer = await fetch(url);
    return answer.ok ? ((await answer.json()) as Lesson) : undefined;
  } catch {
    return undefined;
  }
}

function contains(text: string, replace: readonly (readonly [string, string])[]): boolean {
  return replace.every(([old]) => text.split(old).length === 2);
}
