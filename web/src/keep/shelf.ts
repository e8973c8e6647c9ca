/** Where programs are kept: IndexedDB. A change reads and writes in one transaction, so that no other tab comes between. */
import type { Change, Kept } from './program';

export interface Shelf {
  /** Every program, the latest first. */
  list(): Promise<Kept[]>;
  get(id: string): Promise<Kept | undefined>;
  /** `decide` sees the program as it is now and says what becomes of it; undefined: nothing. Rejects with a DOMException. */
  change(id: string, decide: (now: Kept | undefined) => Change | undefined): Promise<Kept | undefined>;
  /** The text of a version. */
  text(key: string): Promise<string | undefined>;
  remove(id: string): Promise<void>;
}

const NAME = 'loopscope';
const PROGRAMS = 'programs';
const TEXTS = 'versions';

export function openShelf(factory: IDBFactory): Shelf {
  let opened: Promise<IDBDatabase> | undefined;

  /** The database; opened once more when the browser has closed it (its data was cleared, its disk was gone). */
  function database(): Promise<IDBDatabase> {
    opened ??= open(factory, () => {
      opened = undefined;
    }).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  async function transact<T>(mode: IDBTransactionMode, work: (tx: IDBTransaction) => Box<T>): Promise<T> {
    const base = await database();
    return new Promise((resolve, reject) => {
      const tx = base.transaction([PROGRAMS, TEXTS], mode);
      const box = work(tx);
      tx.oncomplete = () => resolve(box.value as T);
      tx.onabort = () => reject(tx.error ?? new DOMException('The change was given up.', 'AbortError'));
    });
  }

  return {
    list: () =>
      transact('readonly', (tx) => {
        const box: Box<Kept[]> = {};
        read<unknown[]>(tx.objectStore(PROGRAMS).getAll(), (all) => {
          box.value = all.filter(isKept).sort((a, b) => b.at - a.at);
        });
        return box;
      }),
    get: (id) =>
      transact('readonly', (tx) => {
        const box: Box<Kept | undefined> = {};
        read<unknown>(tx.objectStore(PROGRAMS).get(id), (found) => {
          if (isKept(found)) box.value = found;
        });
        return box;
      }),
    change: (id, decide) =>
      transact('readwrite', (tx) => {
        const box: Box<Kept | undefined> = {};
        const programs = tx.objectStore(PROGRAMS);
        const texts = tx.objectStore(TEXTS);
        read<unknown>(programs.get(id), (found) => {
          const change = decide(isKept(found) ? found : undefined);
          if (!change) return;
          for (const key of change.drop) texts.delete(key);
          for (const [key, text] of change.add) texts.put(text, key);
          programs.put(change.program);
          box.value = change.program;
        });
        return box;
      }),
    text: (key) =>
      transact('readonly', (tx) => {
        const box: Box<string | undefined> = {};
        read<unknown>(tx.objectStore(TEXTS).get(key), (found) => {
          if (typeof found === 'string') box.value = found;
        });
        return box;
      }),
    remove: (id) =>
      transact('readwrite', (tx) => {
        const programs = tx.objectStore(PROGRAMS);
        read<unknown>(programs.get(id), (found) => {
          if (isKept(found)) for (const { key } of found.versions) tx.objectStore(TEXTS).delete(key);
          programs.delete(id);
        });
        return {};
      }),
  };
}

/** What a transaction found: there once it is complete. */
interface Box<T> {
  value?: T;
}

function read<T>(request: IDBRequest, then: (result: T) => void): void {
  request.onsuccess = () => then(request.result as T);
}

function open(factory: IDBFactory, onClosed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(PROGRAMS, { keyPath: 'id' });
      request.result.createObjectStore(TEXTS);
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const base = request.result;
      base.onclose = onClosed;
      // A newer Loopscope in another tab wants to change the shelves: don't stand in its way.
      base.onversionchange = () => {
        base.close();
        onClosed();
      };
      resolve(base);
    };
  });
}

/** Whether this is a program as we write them: a newer or older Loopscope may have written others. */
function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, code, settings, revision, writer, at, versions } = value as Partial<Kept>;
  return (
    typeof id === 'string' &&
    typeof name === 'string' &&
    typeof code === 'string' &&
    typeof settings === 'object' &&
    settings !== null &&
    typeof revision === 'number' &&
    typeof writer === 'string' &&
    typeof at === 'number' &&
    Array.isArray(versions)
  );
}
