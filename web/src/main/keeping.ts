/** The visitor's programs in this browser: the keeper with what it stands on, and what it has to say. */
import { createHolds } from '../keep/holds';
import { createKeeper, type Keeper, type Trouble } from '../keep/keeper';
import type { Kept } from '../keep/program';
import { openShelf, type Shelf } from '../keep/shelf';
import { done, found, lastProgram, leave, rememberLast } from '../keep/unsaved';
import type { Notice, ProgramEntry, Store } from '../views/store';

export interface Keeping {
  readonly keeper: Keeper;
  readonly shelf: Shelf;
  /** Why nothing is kept at the moment. */
  readonly trouble: Notice | undefined;
  /** The program that was worked on last, unless another tab has it; '': there is none. */
  last(): Promise<string>;
  entries(): Promise<ProgramEntry[]>;
}

/** A browser's database that doesn't answer is none: after so many looks in vain, milliseconds apart. */
const LOOKS = 10;
const LOOK_MS = 300;

const TROUBLE: Record<Trouble, string> = {
  full: 'This browser has no more room for this site, so the program is not kept. Delete some of your programs, free some space on the disk, or press Share and keep the link.',
  refused:
    'This browser keeps nothing for this site (a private window, perhaps), so the program is gone when the page is closed. Press Share to keep it as a link.',
};

/** A page that was left may hold its program a moment longer: it is looked for so often, milliseconds apart. */
const GOING_LOOKS = 5;
const GOING_MS = 60;

/** `onMove`: the tab has another program now; its id, also of one that isn't kept yet. */
export function createKeeping(store: Store, onMove: (id: string) => void): Keeping {
  const shelf = patient(openShelf(indexedDB));
  let trouble: Notice | undefined;
  const storage = localStore();
  const holds = createHolds(navigator.locks);
  const keeper = createKeeper(
    {
      shelf,
      holds,
      words: {
        leave: (words) => leave(storage, words),
        found: () => found(storage),
        done: (id) => done(storage, id),
      },
      now: Date.now,
      newId,
      makeRoom: dropPackages,
      patience: (work) => within(work).then(nothing, nothing),
    },
    {
      moved() {
        store.title.value = keeper.name;
        if (keeper.id) rememberLast(storage, keeper.id);
        onMove(keeper.coming);
      },
      copied(from) {
        store.title.value = keeper.name;
        rememberLast(storage, keeper.id);
        onMove(keeper.coming);
        store.notice.value = {
          text: `“${from}” is open in another tab, too. What you write here is kept as “${keeper.name}”.`,
          urgent: false,
        };
      },
      trouble(what) {
        const before = trouble;
        trouble = what && { text: TROUBLE[what], urgent: what === 'full' };
        if (trouble || store.notice.value === before) store.notice.value = trouble;
      },
    },
  );

  return {
    keeper,
    shelf,
    get trouble() {
      return trouble;
    },
    async last() {
      const id = lastProgram(storage);
      for (let looks = 0; id && looks < GOING_LOOKS; looks++) {
        if (!(await holds.elsewhere()).has(id)) return id;
        await new Promise((done) => setTimeout(done, GOING_MS));
      }
      return '';
    },
    async entries() {
      await within(keeper.settled()).catch(nothing);
      const [kept, elsewhere] = await Promise.all([shelf.list().catch(() => []), holds.elsewhere()]);
      return kept.map((program) => entry(program, program.id === keeper.id, elsewhere.has(program.id)));
    },
  };
}

function entry({ id, name, at, code, versions }: Kept, here: boolean, elsewhere: boolean): ProgramEntry {
  const lines = code.split('\n').length - (code.endsWith('\n') ? 1 : 0);
  return { id, name, at, lines, here, elsewhere, earlier: versions.toReversed() };
}

export function localStore(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

/** Packages can be fetched again, a program can't be written again. */
async function dropPackages(): Promise<boolean> {
  const names = (await globalThis.caches?.keys().catch(() => [])) ?? [];
  const packages = names.filter((name) => name.startsWith('packages-'));
  return (await Promise.all(packages.map((name) => caches.delete(name)))).some(Boolean);
}

/** `crypto.randomUUID` is there on secure origins alone. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join('');
}

/** Looks, and no deadline: a page that was busy itself hears late of an answer that is there. */
function within<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let looks = 0;
    const timer = setInterval(() => {
      if (++looks < LOOKS) return;
      clearInterval(timer);
      reject(new DOMException('The database does not answer.', 'TimeoutError'));
    }, LOOK_MS);
    work.finally(() => clearInterval(timer)).then(resolve, reject);
  });
}

function patient(shelf: Shelf): Shelf {
  return { ...shelf, get: (id) => within(shelf.get(id)), list: () => within(shelf.list()) };
}

function nothing(): void {}
