/**
 * The last words of a page: what was typed and isn't on the shelf yet when the page goes. localStorage writes at once,
 * where a transaction may be cut off; the next page takes them up.
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

/** False: there was no room. */
export function leave(storage: Storage, words: LastWords): boolean {
  try {
    storage.setItem(PREFIX + words.id, JSON.stringify(words));
    return true;
  } catch {
    return false;
  }
}

/** The words that pages left; each stays until it is `done`. */
export function found(storage: Storage): LastWords[] {
  try {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
    return keys.filter((key) => key.startsWith(PREFIX)).flatMap((key) => parse(storage.getItem(key)));
  } catch {
    return [];
  }
}

export function done(storage: Storage, id: string): void {
  try {
    storage.removeItem(PREFIX + id);
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
