import { useId } from 'preact/hooks';
import type { Answer, Question } from '../../lessons/lesson';
import { Order } from './order';

interface QuestionProps {
  question: Question;
  given: Answer | undefined;
  /** undefined: the learner took the answer back. */
  onAnswer(answer: Answer | undefined): void;
  /** It has no answer yet, and Run was pressed. */
  missing: boolean;
}

/** One question, to be answered by dragging, choosing or typing. */
export function QuestionForm(props: QuestionProps) {
  const { question, given, onAnswer, missing } = props;
  const id = useId();
  const name = missing ? 'question missing' : 'question';
  switch (question.ask) {
    case 'order': {
      const lines = Array.isArray(given) ? given : question.line;
      return (
        <section class={name}>
          <h4 id={id}>{question.question}</h4>
          <Order labelledby={id} lines={lines} onOrder={onAnswer} />
          {missing && (
            <p class="missing-words">
              Put the lines in order first.{' '}
              <button type="button" class="link" onClick={() => onAnswer([...lines])}>
                They are in order
              </button>
            </p>
          )}
        </section>
      );
    }
    case 'duration':
    case 'steps':
      return <NumberForm {...props} />;
    default:
      return (
        <fieldset class={name}>
          <legend>
            <h4>{question.question}</h4>
          </legend>
          {question.option.map((option) => (
            <label key={option} class="choice">
              <input type="radio" name={id} checked={given === option} onChange={() => onAnswer(option)} />
              <code>{option}</code>
            </label>
          ))}
          {missing && <p class="missing-words">Choose one first.</p>}
        </fieldset>
      );
  }
}

function NumberForm({ question, given, onAnswer, missing }: QuestionProps) {
  const id = useId();
  const unit = question.ask === 'duration' ? question.unit : 'steps';
  return (
    <section class={missing ? 'question missing' : 'question'}>
      <h4 id={id}>{question.question}</h4>
      <p class="number">
        <input
          type="number"
          min={0}
          step="any"
          inputMode="decimal"
          autocomplete="off"
          aria-labelledby={id}
          aria-describedby={`${id}-unit`}
          value={typeof given === 'number' ? given : ''}
          onInput={({ currentTarget: { valueAsNumber } }) =>
            onAnswer(Number.isFinite(valueAsNumber) ? valueAsNumber : undefined)
          }
        />
        <span id={`${id}-unit`}>{unit}</span>
      </p>
      {missing && <p class="missing-words">Type a number first.</p>}
    </section>
  );
}
