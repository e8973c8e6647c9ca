/** What a lesson is, and what can be asked about a program: see web/lessons/README.md. */

/** Exactly one run is asked about: the program's, under the virtual clock. */
export type Question = { question: string } & (
  | { ask: 'order'; line: string[] }
  | { ask: 'choice'; option: string[] }
  | { ask: 'duration'; unit: string; tolerance: string; from?: string; to?: string }
  | { ask: 'steps'; task: string }
  | { ask: 'next'; after: string; option: string[] }
  | { ask: 'waker'; task: string; resume?: string; option: string[] }
);

/** A prediction: lines in order, an option, or a number in the question's unit. */
export type Answer = string[] | string | number;

/** A piece of a lesson's last part: words, or what to replace by what in the program. */
export type ChangePart = { html: string } | { replace: [string, string][] };

export interface Lesson {
  slug: string;
  /** Its place in the course, from 1. */
  number: number;
  title: string;
  summary: string;
  code: string;
  /** URL of the recorded run's batches. */
  recording: string;
  /** HTML. */
  intro: string;
  questions: Question[];
  /** HTML: what to see once it has run. */
  look: string;
  change: ChangePart[];
}

const UNITS: Record<string, number> = { ms: 1e-3, s: 1 };

/** Seconds of a question's unit. */
export function unitSeconds(unit: string): number {
  return UNITS[unit] ?? 1;
}

/** Bounds of what a link may ask: it comes from anywhere. */
const MOST_QUESTIONS = 4;
const MOST_OPTIONS = 12;
const LONGEST = 500;

/** The questions that a link carries; what isn't one is left out. */
export function readQuestions(from: unknown): Question[] {
  if (!Array.isArray(from)) return [];
  return from.filter(isQuestion).slice(0, MOST_QUESTIONS);
}

function isQuestion(value: unknown): value is Question {
  if (typeof value !== 'object' || value === null) return false;
  const get = (key: string): unknown =>
    Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  const text = (key: string): boolean => isText(get(key));
  const maybe = (key: string): boolean => get(key) === undefined || text(key);
  const list = (key: string): boolean => {
    const items = get(key);
    return (
      Array.isArray(items) &&
      items.length > 1 &&
      items.length <= MOST_OPTIONS &&
      items.every(isText) &&
      new Set(items).size === items.length
    );
  };
  if (!text('question')) return false;
  switch (get('ask')) {
    case 'order':
      return list('line');
    case 'choice':
      return list('option');
    case 'duration':
      return (
        Object.hasOwn(UNITS, String(get('unit'))) &&
        Number(get('tolerance')) >= 0 &&
        maybe('from') &&
        maybe('to')
      );
    case 'steps':
      return text('task');
    case 'next':
      return text('after') && list('option');
    case 'waker':
      return (
        text('task') &&
        list('option') &&
        (get('resume') === undefined || /^\d{1,4}$/.test(String(get('resume'))))
      );
    default:
      return false;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= LONGEST;
}
