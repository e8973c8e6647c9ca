/** What somebody has predicted, lesson by lesson: kept on their own machine and nowhere else. */
import type { Answer } from '../../lessons/lesson';

/** One lesson that was taken: the latest prediction of each question (null: none was made), and which were right. */
export interface Taken {
  given: (Answer | null)[];
  right: boolean[];
  /** ISO 8601. */
  at: string;
}

/** By a lesson's slug. */
export type Progress = Readonly<Record<string, Taken>>;

const KEY = 'loopscope lessons';

export interface Memory {
  read(): Progress;
  /** What went wrong, in words for the page; undefined: it is kept. */
  write(progress: Progress): string | undefined;
}

export function createMemory(storage: () => Storage): Memory {
  return {
    read() {
      try {
        return parseProgress(storage().getItem(KEY) ?? '');
      } catch {
        return {};
      }
    },
    write(progress) {
      try {
        if (Object.keys(progress).length === 0) storage().removeItem(KEY);
        else storage().setItem(KEY, writeProgress(progress));
        return undefined;
      } catch (error) {
        const full = error instanceof DOMException && error.name === 'QuotaExceededError';
        return full
          ? 'Your progress can’t be kept: the browser’s storage for this site is full. It is there until you leave; export it to keep it.'
          : 'Your progress can’t be kept: the browser refuses to store anything for this site. It is there until you leave; export it to keep it.';
      }
    },
  };
}

/** As text: what is stored is what is exported. */
export function writeProgress(lessons: Progress): string {
  return JSON.stringify({ loopscope: 'lessons', version: 1, lessons }, null, 1);
}

/** Reads what `writeProgress` wrote; what makes no sense in it is left out. */
export function parseProgress(text: string): Progress {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return {};
  }
  const lessons = isRecord(json) && json.version === 1 && isRecord(json.lessons) ? json.lessons : {};
  return Object.fromEntries(
    Object.entries(lessons).filter((entry): entry is [string, Taken] => isTaken(entry[1])),
  );
}

function isTaken(value: unknown): value is Taken {
  return (
    isRecord(value) &&
    typeof value.at === 'string' &&
    Array.isArray(value.given) &&
    value.given.every(isGiven) &&
    Array.isArray(value.right) &&
    value.right.every((item) => typeof item === 'boolean')
  );
}

function isGiven(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string');
  return value === null || typeof value === 'string' || typeof value === 'number';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
