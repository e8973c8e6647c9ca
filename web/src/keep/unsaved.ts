/**
 * What a page leaves for the next one in localStorage, which reads and writes at once: which program was worked on last,
 * and the last words, typed and not on the shelf yet when the page goes: a transaction would be cut off then.
 */

export interface LastWords {
  id: string;
  revision: number;
  writer: string;
  name: string;
  base: string;
  code: string;
  settings: object;
}

const PREFIX = 'loopscope unsaved ';
const LAST = 'loopscope last program';

/** undefined where the browser refuses it. */
type MaybeStorage = Storage | undefined;

/** Id of the program that was worked on last, in any tab; '': there is none. */
export function lastProgram(storage: MaybeStorage): string {
  try {
    return storage?.getItem(LAST) ?? '';
  } catch {
    return '';
  }
}

export function rememberLast(storage: MaybeStorage, id: string): void {
  try {
    storage?.setItem(LAST, id);
  } catch {
    // Refused or full: the list of programs has it still.
  }
}

/** False: there was no room. */
export function leave(storage: MaybeStorage, words: LastWords): boolean {
  try {
    storage?.setItem(PREFIX + words.id, JSON.stringify(words));
    return storage !== undefined;
  } catch {
    return false;
  }
}

/** The words that pages left; each stays until it is `done`. */
export function found(storage: MaybeStorage): LastWords[] {
  if (!storage) return [];
  try {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
    return keys.filter((key) => key.startsWith(PREFIX)).flatMap((key) => parse(storage.getItem(key)));
  } catch {
    return [];
  }
}

export function done(storage: MaybeStorage, id: string): void {
  try {
    storage?.removeItem(PREFIX + id);
  } catch {
    // Refused: then nothing was left, either.
  }
}

function parse(text: string | null): LastWords[] {
  try {
    const words = JSON.parse(text ?? '') as Partial<LastWords> | null;
    const whole =
      typeof words?.id === 'string' &&
      typeof words.revision === 'number' &&
      typeof words.writer === 'string' &&
      typeof words.name === 'string' &&
      typeof words.base === 'string' &&
      typeof words.code === 'string' &&
      typeof words.settings === 'object' &&
      words.settings !== null;
    return whole ? [words as LastWords] : [];
  } catch {
    return [];
  }
}
