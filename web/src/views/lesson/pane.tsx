import { Icon } from '../icons';
import type { Actions, Store } from '../store';
import { LessonBody } from './body';
import { LessonList } from './list';
import type { LessonActions, LessonState } from './state';

export interface LessonPaneProps {
  store: Store;
  actions: Actions;
  lessons: LessonState;
  learn: LessonActions;
}

/** The course beside the program: the list of lessons, or one of them. */
export function LessonPane(props: LessonPaneProps) {
  const { lessons, learn } = props;
  const lesson = lessons.lesson.value;
  const listed = lessons.shown.value === 'list' || !lesson;
  return (
    <section class="pane pane-lesson" id="pane-lesson" aria-labelledby="lesson-title">
      <div class="pane-head">
        <h2 id="lesson-title">
          {listed ? 'Lessons' : lesson.slug ? `Lesson ${lesson.number}` : 'Predict first'}
        </h2>
        <span class="spring" />
        {!listed && lesson.slug && <Neighbours {...props} number={lesson.number} />}
        <button
          type="button"
          class="quiet"
          aria-label="Close the lessons"
          title="Close"
          onClick={learn.close}
        >
          <Icon name="close" size={14} />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <div class="lesson-scroll" tabIndex={0} key={listed ? '' : lesson.slug}>
        {listed ? <LessonList {...props} /> : <LessonBody {...props} lesson={lesson} />}
      </div>
    </section>
  );
}

function Neighbours({ lessons, number }: LessonPaneProps & { number: number }) {
  const before = lessons.list[number - 2];
  const after = lessons.list[number];
  return (
    <nav class="neighbours" aria-label="Lessons">
      {before && (
        <a class="quiet" href={`#lesson=${before.slug}`} aria-label={`Previous lesson: ${before.title}`}>
          <Icon name="left" size={14} />
        </a>
      )}
      <a class="quiet" href="#lessons">
        All lessons
      </a>
      {after && (
        <a class="quiet" href={`#lesson=${after.slug}`} aria-label={`Next lesson: ${after.title}`}>
          <Icon name="right" size={14} />
        </a>
      )}
    </nav>
  );
}
