/** The answers that a run gives, and what a prediction is worth beside them. Pure functions over a trace. */
import { type EventIndex, Kind, type Seconds, type Trace } from '../trace/trace';
import { type Answer, type Question, unitSeconds } from './lesson';
import { isEager, lineOf, nameOf, ownSteps, printedLines, stepsOf, stepThatPrinted, wakerOf } from './run';

export interface Truth {
  answer: Answer;
  /** Where to see it, one event for each part of the answer: each line of an order, else a single one. */
  events: EventIndex[];
}

export interface Grade {
  question: Question;
  /** undefined: nothing was predicted. */
  given: Answer | undefined;
  right: boolean;
  /** undefined: this run doesn't answer the question. */
  truth: Truth | undefined;
  /** Where the prediction parted from what happened, or where the answer is seen; -1: nowhere. */
  event: EventIndex;
  /** Of an order: the first place that was foretold otherwise; -1: none was. */
  parted: number;
}

/** What the run answers; undefined: nothing, as when a line wasn't printed. */
export function truthOf(trace: Trace, question: Question): Truth | undefined {
  switch (question.ask) {
    case 'order':
      return order(trace, question.line);
    case 'choice': {
      const printed = printedLines(trace).filter(({ text }) => question.option.includes(text));
      return printed.length === 1 && printed[0] ? one(printed[0].text, printed[0].event) : undefined;
    }
    case 'duration':
      return between(trace, question);
    case 'steps': {
      const steps = stepsOf(trace, question.task);
      return steps && one(steps.length, steps[0] as EventIndex);
    }
    case 'next': {
      const line = lineOf(trace, question.after);
      const here = line ? stepThatPrinted(trace, line) : -1;
      const next =
        here < 0 ? undefined : ownSteps(trace).find((step) => step > here && !isEager(trace, step));
      return next === undefined ? undefined : one(nameOf(trace, trace.subject.at(next)), next);
    }
    case 'waker': {
      const step = stepsOf(trace, question.task)?.[Number(question.resume ?? 1)];
      return step === undefined ? undefined : one(wakerOf(trace, step), step);
    }
  }
}

function one(answer: Answer, event: EventIndex): Truth {
  return { answer, events: [event] };
}

function order(trace: Trace, lines: readonly string[]): Truth | undefined {
  const printed = printedLines(trace).filter(({ text }) => lines.includes(text));
  if (printed.length !== lines.length || lines.some((line) => !lineOf(trace, line))) return undefined;
  return { answer: printed.map(({ text }) => text), events: printed.map(({ event }) => event) };
}

function between(
  trace: Trace,
  { unit, from, to }: Extract<Question, { ask: 'duration' }>,
): Truth | undefined {
  const begin = from === undefined ? { t: 0, event: 0 } : lineOf(trace, from);
  const end = to === undefined ? endOf(trace) : lineOf(trace, to);
  if (!begin || !end) return undefined;
  return one(Number(((end.t - begin.t) / unitSeconds(unit)).toFixed(6)), end.event);
}

function endOf(trace: Trace): { t: Seconds; event: EventIndex } | undefined {
  for (let i = trace.count - 1; i >= 0; i--) {
    if (trace.kind.at(i) === Kind.EXIT) return { t: trace.t.at(i), event: i };
  }
  return undefined;
}

/** A prediction beside what the run did. */
export function grade(trace: Trace, question: Question, given: Answer | undefined): Grade {
  const truth = truthOf(trace, question);
  const parted =
    truth && Array.isArray(truth.answer) && Array.isArray(given) ? parting(given, truth.answer) : -1;
  const right = truth !== undefined && given !== undefined && isRight(question, given, truth.answer);
  const event = truth?.events[Math.max(0, parted)] ?? -1;
  return { question, given, right, truth, event, parted };
}

function isRight(question: Question, given: Answer, truth: Answer): boolean {
  if (Array.isArray(truth)) return Array.isArray(given) && parting(given, truth) < 0;
  if (question.ask !== 'duration') return given === truth;
  return Math.abs((given as number) - (truth as number)) <= Number(question.tolerance);
}

/** The first place where two orders differ; -1: none. */
function parting(given: readonly string[], truth: readonly string[]): number {
  return truth.findIndex((line, place) => given[place] !== line);
}

/** Lines that tell no order: as they stand in the program's text nobody foretells them by leaving them as they are. */
export function shuffled(lines: readonly string[]): string[] {
  const sorted = [...lines].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return sorted.some((line, place) => line !== lines[place])
    ? sorted
    : [...sorted.slice(1), ...sorted.slice(0, 1)];
}

/** A number that a text has always, and that tells nothing of it (FNV-1a). */
function rank(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/** Most lines that an order is asked of. */
const MOST_LINES = 6;

/** What can be asked about a run without knowing the program: the order of its lines, and how long it took. */
export function questionsFor(trace: Trace): { order: Question | undefined; duration: Question | undefined } {
  const texts = printedLines(trace).map(({ text }) => text);
  const single = texts.filter((text) => text && texts.indexOf(text) === texts.lastIndexOf(text));
  const lines = single.slice(0, MOST_LINES);
  const end = endOf(trace);
  return {
    order:
      lines.length > 1
        ? { ask: 'order', question: 'In which order will these lines be printed?', line: shuffled(lines) }
        : undefined,
    duration: end && {
      ask: 'duration',
      question: 'How long will the program take?',
      unit: end.t < 1 ? 'ms' : 's',
      // A tenth is near enough, and so is a millisecond.
      tolerance: String(
        end.t < 1 ? Math.max(1, Math.round(end.t * 100)) : Number((end.t / 10).toPrecision(2)),
      ),
    },
  };
}
