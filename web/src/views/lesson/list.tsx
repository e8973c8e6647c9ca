import { useRef, useState } from 'preact/hooks';
import type { Question } from '../../lessons/lesson';
import { Icon } from '../icons';
import type { Store } from '../store';
import type { LessonPaneProps } from './pane';
import type { Taken } from './progress';
import type { Entry, LessonActions } from './state';

/** The course: what there is, and how far somebody came. */
export function LessonList({ store, lessons, learn }: LessonPaneProps) {
  const progress = lessons.progress.value;
  const taken = lessons.list.filter(({ slug }) => Object.hasOwn(progress, slug)).length;
  return (
    <div class="lesson">
      <p>
        Each lesson is a small program. Read it, predict what it does, then run it and see on the timeline.{' '}
        {taken > 0 && `You have taken ${taken} of ${lessons.list.length}.`}
      </p>
      <ol class="lessons">
        {lessons.list.map((entry) => (
          <li key={entry.slug}>
            <a href={`#lesson=${entry.slug}`} aria-current={lessons.lesson.value?.slug === entry.slug}>
              <span class="lesson-number">{entry.number}</span>
              <span class="lesson-name">{entry.title}</span>
              <Done entry={entry} taken={progress[entry.slug]} />
              <span class="lesson-summary">{entry.summary}</span>
            </a>
          </li>
        ))}
      </ol>
      <p>
        <a class="link" href="cheat-sheet.html">
          Cheat sheet: asyncio’s words, and where you see them
        </a>
      </p>
      <Own store={store} learn={learn} />
      <Keep taken={taken} learn={learn} />
    </div>
  );
}

function Done({ entry, taken }: { entry: Entry; taken: Taken | undefined }) {
  if (!taken) return null;
  const right = taken.right.filter(Boolean).length;
  return (
    <span class="lesson-done">
      {right === entry.questions && <Icon name="check" size={12} />}
      {right} of {entry.questions} right
    </span>
  );
}

const ASKS: Partial<Record<Question['ask'], string>> = {
  order: 'Ask for the order of the output before showing it',
  duration: 'Ask how long it takes before showing it',
};

/** Any program can be a quiz: a link to the one in the editor that asks first. */
function Own({ store, learn }: { store: Store; learn: LessonActions }) {
  const [left, leave] = useState<readonly string[]>([]);
  const [said, say] = useState({ text: '', link: '' });
  store.version.value;
  store.code.value;
  const questions = learn.ownQuestions();
  const chosen = questions.filter(({ ask }) => !left.includes(ask));
  const share = async () => {
    try {
      const link = await learn.shareQuiz(chosen);
      say({ text: link ? 'Copy this link:' : 'Link copied.', link });
    } catch (error) {
      say({ text: error instanceof Error ? error.message : String(error), link: '' });
    }
  };
  return (
    <section class="own" aria-labelledby="own-title">
      <h3 id="own-title" class="lesson-part">
        Your own program as a quiz
      </h3>
      {questions.length === 0 ? (
        <p class="quiet-text">
          Run the program in the editor once: then a link to it can ask before it shows.
        </p>
      ) : (
        <>
          {questions.map(({ ask }) => (
            <label class="choice" key={ask}>
              <input
                type="checkbox"
                checked={!left.includes(ask)}
                onChange={({ currentTarget }) =>
                  leave(currentTarget.checked ? left.filter((item) => item !== ask) : [...left, ask])
                }
              />
              {ASKS[ask]}
            </label>
          ))}
          <p class="keep-buttons">
            <button
              type="button"
              class="plain small bordered"
              disabled={chosen.length === 0}
              onClick={() => void share()}
            >
              Copy the quiz’s link
            </button>
          </p>
        </>
      )}
      <div aria-live="polite">
        {said.text && <p>{said.text}</p>}
        {said.link && (
          <input
            class="own-link"
            readOnly
            aria-label="The quiz’s link"
            value={said.link}
            onFocus={({ currentTarget }) => currentTarget.select()}
          />
        )}
      </div>
    </section>
  );
}

/** Progress leaves this machine only by its owner's hand. */
function Keep({ taken, learn }: { taken: number; learn: LessonActions }) {
  const [sure, ask] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  return (
    <div class="keep">
      <p class="quiet-text">Your progress is kept in this browser and nowhere else.</p>
      <p class="keep-buttons">
        <button
          type="button"
          class="plain small bordered"
          disabled={taken === 0}
          onClick={learn.exportProgress}
        >
          Export
        </button>
        <button type="button" class="plain small bordered" onClick={() => file.current?.click()}>
          Import
        </button>
        <input
          ref={file}
          type="file"
          accept="application/json,.json"
          hidden
          onChange={async ({ currentTarget }) => {
            const text = await currentTarget.files?.[0]?.text();
            currentTarget.value = '';
            if (text !== undefined) learn.importProgress(text);
          }}
        />
        {sure ? (
          <button
            type="button"
            class="plain small bordered danger"
            onClick={() => {
              learn.clearProgress();
              ask(false);
            }}
          >
            Really forget it all
          </button>
        ) : (
          <button type="button" class="plain small bordered" disabled={taken === 0} onClick={() => ask(true)}>
            Clear
          </button>
        )}
      </p>
    </div>
  );
}
