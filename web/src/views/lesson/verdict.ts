/** A graded prediction in words. Plain functions over a run. */
import type { Grade } from '../../lessons/grade';
import type { Answer, Question } from '../../lessons/lesson';
import { type EventIndex, Kind, type Trace } from '../../trace/trace';
import { clock, runAround, sentence } from '../panel/words';

export interface Verdict {
  kind: 'right' | 'wrong' | 'seen' | 'unknown';
  title: string;
  text: string;
  /** What happened there because of what; empty: nothing to tell. */
  why: string;
  /** The step or callback to look at; -1: the end of the run. */
  event: EventIndex;
}

export function verdict(trace: Trace, { question, given, right, truth, event, parted }: Grade): Verdict {
  if (!truth) {
    return {
      kind: 'unknown',
      title: 'This run doesn’t tell',
      text: 'What was asked about did not happen in it. Was the program changed?',
      why: '',
      event: -1,
    };
  }
  const around = runAround(trace, event);
  const told = trace.kind.at(event) === Kind.EXIT ? event : around;
  // The cause; all else that happened there stands in the panel.
  const [because = ''] = told < 0 ? [] : sentence(trace, told).split(/(?<=\.) (?=It )/);
  const why = because && `${clock(trace.t.at(told))}: ${because}`;
  const is = answerText(question, truth.answer, parted);
  if (given === undefined)
    return { kind: 'seen', title: 'The answer', text: `${capital(is)}.`, why, event: around };
  if (right) return { kind: 'right', title: 'Right', text: `${capital(is)}.`, why, event: around };
  const text =
    Array.isArray(given) && Array.isArray(truth.answer)
      ? `You expected “${given[parted] ?? ''}” as line ${parted + 1}, but “${truth.answer[parted]}” came there.`
      : `You expected ${plain(question, given)}, but ${is}.`;
  return { kind: 'wrong', title: 'Not quite', text, why, event: around };
}

/** The answer as part of a sentence. */
function answerText(question: Question, answer: Answer, parted: number): string {
  switch (question.ask) {
    case 'order':
      return parted < 0 ? 'the lines come in this order' : '';
    case 'choice':
      return `it prints “${answer}”`;
    case 'duration':
      return `it takes ${plain(question, answer)}`;
    case 'steps':
      return `${question.task} has ${plain(question, answer)}`;
    case 'next':
      return `next runs ${answer}`;
    case 'waker':
      return `it was ${WAKERS[String(answer)] ?? answer}`;
  }
}

const WAKERS: Record<string, string> = {
  timer: 'a timer that came due',
  itself: 'itself: it had only given way',
  program: 'the program, outside of any task',
};

function plain(question: Question, answer: Answer): string {
  if (question.ask === 'duration') return `${answer} ${question.unit}`;
  if (question.ask === 'steps') return `${answer} ${answer === 1 ? 'step' : 'steps'}`;
  return question.ask === 'choice' ? `“${answer}”` : String(answer);
}

/** A task's name stays as it is. */
function capital(text: string): string {
  if (!/^(it|the|next) /.test(text)) return text;
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
