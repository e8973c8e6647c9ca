import type { Grade } from '../../lessons/grade';
import type { Lesson } from '../../lessons/lesson';
import type { EventIndex } from '../../trace/trace';
import { Icon } from '../icons';
import { Jump } from '../jump';
import type { LessonPaneProps } from './pane';
import { QuestionForm } from './question';
import type { Verdict } from './verdict';

/** A lesson: its words, what it asks, and once it has run, the answers, what to see and what to change. */
export function LessonBody(props: LessonPaneProps & { lesson: Lesson }) {
  const { lessons, lesson } = props;
  const revealed = lessons.stage.value === 'revealed';
  return (
    <article class="lesson">
      {lesson.slug ? (
        <h3 class="lesson-title">{lesson.title}</h3>
      ) : (
        <p>Whoever made this link asks you first. Read the program, predict, then run it.</p>
      )}
      {revealed && lesson.intro ? (
        <details>
          <summary>What you read before</summary>
          <Prose html={lesson.intro} />
        </details>
      ) : (
        <Prose html={lesson.intro} />
      )}
      {revealed ? <Answers {...props} /> : <Questions {...props} />}
      {revealed && lesson.look && (
        <>
          <h3 class="lesson-part">Look</h3>
          <Prose html={lesson.look} />
        </>
      )}
      {revealed && lesson.change.length > 0 && <Changes {...props} />}
      {revealed && lesson.slug && <Next {...props} />}
    </article>
  );
}

/** Words of the course: they come with the site, so they are what the build made of them. */
function Prose({ html }: { html: string }) {
  return html ? <div class="prose" dangerouslySetInnerHTML={{ __html: html }} /> : null;
}

function Questions({ store, actions, lessons, learn, lesson }: LessonPaneProps & { lesson: Lesson }) {
  const given = lessons.given.value;
  const hurried = lessons.hurried.value;
  const running = lessons.stage.value === 'running';
  return (
    <form
      class="questions"
      aria-label="Predict"
      onSubmit={(event) => {
        event.preventDefault();
        actions.run();
      }}
    >
      <h3 class="lesson-part">Predict</h3>
      {lesson.questions.map((question, k) => (
        <QuestionForm
          key={question.question}
          question={question}
          given={given[k]}
          missing={hurried && given[k] === undefined}
          onAnswer={(answer) => learn.predict(k, answer)}
        />
      ))}
      <p class="reveal">
        <button type="submit" class="plain primary" disabled={running}>
          {running
            ? store.phase.value === 'loading'
              ? 'Python is loading…'
              : 'Running…'
            : 'Run and compare'}
        </button>
        {hurried && !running && (
          <button type="button" class="link" onClick={learn.reveal}>
            Run without predicting
          </button>
        )}
      </p>
    </form>
  );
}

const ICONS = { right: 'check', wrong: 'close', seen: 'right', unknown: 'right' } as const;

function Answers({ store, actions, lessons, learn }: LessonPaneProps) {
  const { run, answers = [] } = lessons.outcome.value ?? {};
  const right = answers.filter(({ grade }) => grade.right).length;
  const predicted = answers.some(({ grade }) => grade.given !== undefined);
  const look = (event: EventIndex) => {
    store.pane.value = 'timeline';
    actions.look(event);
  };
  return (
    <section class="answers" aria-label="Your prediction">
      <h3 class="lesson-part" aria-live="polite">
        {predicted ? `Predicted: ${right} of ${answers.length} right` : 'What happened'}
      </h3>
      <button type="button" class="link again" onClick={learn.again}>
        Predict again
      </button>
      {answers.map(({ grade, verdict }) => (
        <Graded
          key={grade.question.question}
          grade={grade}
          verdict={verdict}
          // Another run may be on the timeline by now.
          onLook={run === store.run.value ? look : undefined}
        />
      ))}
    </section>
  );
}

interface GradedProps {
  grade: Grade;
  verdict: Verdict;
  onLook: ((event: EventIndex) => void) | undefined;
}

function Graded({ grade, verdict: { kind, title, text, why, event }, onLook }: GradedProps) {
  const { question, given, truth, parted } = grade;
  // How many steps there are isn't told by one of them.
  const told = why && kind !== 'right' && question.ask !== 'steps';
  const show = truth && onLook && <Jump onJump={() => onLook(event)}>Show on the timeline</Jump>;
  return (
    <div class={`graded ${kind}`}>
      <h4>{question.question}</h4>
      <p class="verdict">
        <Icon name={ICONS[kind]} size={14} />
        <strong>{title}.</strong> {text} {told ? '' : show}
      </p>
      {truth && Array.isArray(truth.answer) && (
        <ol class="truth">
          {truth.answer.map((line, place) => (
            <li key={line} class={place === parted ? 'parted' : ''}>
              <code>{line}</code>
              {Array.isArray(given) && given[place] !== line && (
                <span class="expected">you: {given[place]}</span>
              )}
            </li>
          ))}
        </ol>
      )}
      {told && (
        <p class="why">
          {why} {show}
        </p>
      )}
    </div>
  );
}

function Changes({ store, learn, lesson }: LessonPaneProps & { lesson: Lesson }) {
  const edited = store.code.value !== lesson.code;
  return (
    <>
      <h3 class="lesson-part">Change</h3>
      {lesson.change.map((part) =>
        'html' in part ? (
          <Prose key={part.html} html={part.html} />
        ) : (
          <div class="change" key={part.replace.join()}>
            <div>
              {part.replace.map(([from, to]) => (
                <p key={from}>
                  <del>
                    <code>{from}</code>
                  </del>
                  <ins>
                    <code>{to}</code>
                  </ins>
                </p>
              ))}
            </div>
            <button type="button" class="plain small bordered" onClick={() => learn.change(part.replace)}>
              Change it
            </button>
          </div>
        ),
      )}
      {edited && (
        <button type="button" class="link" onClick={learn.restore}>
          Back to the lesson’s program
        </button>
      )}
    </>
  );
}

function Next({ lessons, lesson }: LessonPaneProps & { lesson: Lesson }) {
  const next = lessons.list[lesson.number];
  return (
    <p class="next">
      {next ? (
        <a href={`#lesson=${next.slug}`}>
          Next: {next.title}
          <Icon name="right" size={14} />
        </a>
      ) : (
        <a href="#lessons">That was the last lesson. All lessons</a>
      )}
    </p>
  );
}
