/**
 * The program of this tab, kept while it is typed.
 *
 *     edit, run ──▶ jobs, in order ──▶ shelf: one transaction each
 *                     │                  ├ as this tab left it: written
 *                     │                  └ another tab has it, or changed it: kept as a copy of its own
 *                     └ the page goes before that: last words, taken up by the next page
 */
import type { Holds } from './holds';
import {
  begin,
  type Change,
  copyName,
  type Draft,
  edit,
  goBack,
  type Kept,
  MAX_VERSIONS,
  type Pen,
  rename,
  run,
  thin,
} from './program';
import type { Shelf } from './shelf';
import type { LastWords } from './unsaved';

/** Why nothing is kept at the moment. */
export type Trouble = 'full' | 'refused';

export interface KeeperParts {
  shelf: Shelf;
  holds: Holds;
  words: {
    leave(words: LastWords): boolean;
    found(): LastWords[];
    done(id: string): void;
  };
  now(): number;
  newId(): string;
  /** Give up what can be had again; whether there was something. */
  makeRoom(): Promise<boolean>;
  /** Wait for the shelf, which may never answer: resolves when the work is done, or has lasted too long. */
  patience(work: Promise<unknown>): Promise<void>;
}

export interface KeeperEvents {
  /** This tab's program is another one, or has another name. */
  moved(): void;
  /** It was kept as a copy: another tab has, or changed, the program called `from`. */
  copied(from: string): void;
  /** undefined: it is kept again. */
  trouble(what: Trouble | undefined): void;
}

export interface Keeper {
  /** This tab's program; '': it shows one that is not the visitor's. */
  readonly id: string;
  /** The id it has, or will have when it is the visitor's. */
  readonly coming: string;
  readonly name: string;
  /** A program that is not the visitor's is on the page: an example's, a link's. The first edit makes it one. */
  show(name: string, code: string): void;
  /**
   * The visitor's program is on the page from now on; undefined: there is none of this id, or it is not `wanted` any
   * more now that it has come.
   */
  open(id: string, wanted?: () => boolean): Promise<Draft | undefined>;
  /** `how`: it was typed, it is about to run, an earlier text was brought back. */
  write(draft: Draft, how: How): void;
  rename(id: string, name: string): Promise<void>;
  /** What pages before this one could not write any more; it may still be on its way where the shelf does not answer. */
  takeUp(): Promise<void>;
  /** The page goes. */
  leave(): void;
  /** Everything written so far is on the shelf, or can't be, however long that takes. */
  settled(): Promise<void>;
}

export type How = 'edit' | 'run' | 'back';

/** A program as one page sees it. */
interface Place {
  id: string;
  /** It is the visitor's. */
  own: boolean;
  name: string;
  /** What it was made from. */
  base: string;
  /** As this page knows it; 0: it is not there yet. */
  revision: number;
  /** The page whose writes are this page's own. */
  writer: string;
  /** Whether this tab may write it. */
  held: Promise<boolean>;
}

interface Job {
  place: Place;
  draft: Draft;
  how: How;
}

export function createKeeper(parts: KeeperParts, events: KeeperEvents): Keeper {
  const { shelf, holds, words, now, newId, makeRoom, patience } = parts;
  const me = newId();
  let place = foreign('', '');
  const jobs: Job[] = [];
  let under: Job | undefined;
  let working: Promise<void> | undefined;
  let trouble: Trouble | undefined;
  /** What was left as last words and is not written yet. */
  const left = new Set<string>();

  function foreign(name: string, base: string): Place {
    return { id: newId(), own: false, name, base, revision: 0, writer: me, held: Promise.resolve(true) };
  }

  function put(job: Job): void {
    const last = jobs.at(-1);
    // What was typed later says it all; a run is remembered by itself.
    if (last?.how === 'edit' && last.place === job.place && job.how !== 'back') jobs.pop();
    jobs.push(job);
    working ??= work().finally(() => {
      working = undefined;
    });
  }

  async function work(): Promise<void> {
    for (under = jobs.shift(); under; under = jobs.shift()) {
      const job = under;
      try {
        await store(job);
        if (left.delete(job.place.id)) words.done(job.place.id);
        tell(undefined);
      } catch (error) {
        // The next edit tries again; until then it is unsaved. What was typed later says all that an edit said, not a run.
        const said = job.how === 'edit' && jobs.some((later) => later.place === job.place);
        if (!said && jobs.length < MAX_VERSIONS) jobs.unshift(job);
        tell(isFull(error) ? 'full' : 'refused');
        break;
      }
    }
    under = undefined;
  }

  function tell(what: Trouble | undefined): void {
    if (what !== trouble) events.trouble(what);
    trouble = what;
  }

  async function store(job: Job): Promise<void> {
    const { place: here } = job;
    const isNew = here.revision === 0;
    if (isNew) here.name = await freeName(here.name);
    else if (!(await here.held)) return copy(job);
    const pen: Pen = { now: now(), writer: here.writer };
    let overtaken = false;
    const decide = (there: Kept | undefined): Change | undefined => {
      overtaken = false;
      if (!there) return create(here, job, pen);
      if (there.writer !== here.writer && there.revision !== here.revision) {
        overtaken = there.code !== job.draft.code;
        return undefined;
      }
      if (job.how === 'run') return run(there, job.draft, pen);
      return (job.how === 'back' ? goBack : edit)(there, job.draft, pen);
    };
    const kept = await change(here.id, decide);
    if (overtaken) return copy(job);
    if (kept) {
      here.revision = kept.revision;
      here.name = kept.name;
    }
    if (isNew && here === place) events.moved();
  }

  function create({ id, name, base }: Place, { draft, how }: Job, pen: Pen): Change {
    const change = begin(id, name, base, draft, pen);
    if (how !== 'run') return change;
    const after = run(change.program, draft, pen);
    for (const [key, text] of change.add) after.add.set(key, text);
    return after;
  }

  /** The program is another tab's: this one goes on with a copy. */
  async function copy(job: Job): Promise<void> {
    const { place: here } = job;
    const from = here.name;
    here.base ||= job.draft.code;
    here.id = newId();
    here.revision = 0;
    here.writer = me;
    here.held = here === place ? holds.take(here.id) : Promise.resolve(true);
    await store(job);
    if (here === place) events.copied(from);
  }

  async function change(id: string, decide: (there: Kept | undefined) => Change | undefined) {
    try {
      return await shelf.change(id, decide);
    } catch (error) {
      if (!isFull(error)) throw error;
      if (await makeRoom()) {
        try {
          return await shelf.change(id, decide);
        } catch (again) {
          if (!isFull(again)) throw again;
        }
      }
      // Earlier texts give way to the present one.
      return await shelf.change(id, (there) => {
        const wanted = decide(there);
        if (wanted) while (thin(wanted));
        return wanted;
      });
    }
  }

  async function freeName(name: string): Promise<string> {
    const taken = new Set((await shelf.list()).map((kept) => kept.name));
    return taken.has(name) ? copyName(name, taken) : name;
  }

  /** What is under way on the shelf, or was given up. */
  async function rest(): Promise<void> {
    if (working) await patience(working);
  }

  return {
    get id() {
      return place.own ? place.id : '';
    },
    get coming() {
      return place.id;
    },
    get name() {
      return place.name;
    },
    show(name, code) {
      place = foreign(name, code);
      void holds.take('');
      events.moved();
    },
    async open(id, wanted = () => true) {
      await rest();
      if (!wanted()) return undefined;
      // What could not be written yet is newer than what lies on the shelf.
      const waiting = [...(under ? [under] : []), ...jobs].findLast((job) => job.place.id === id);
      if (waiting) {
        place = waiting.place;
        place.held = holds.take(id);
        events.moved();
        return waiting.draft;
      }
      const kept = await shelf.get(id).catch(() => undefined);
      if (!kept || !wanted()) return undefined;
      const { name, code: base, revision } = kept;
      place = { id, own: true, name, base, revision, writer: me, held: holds.take(id) };
      events.moved();
      return kept;
    },
    write(draft, how) {
      if (!place.own) {
        place.own = true;
        place.held = holds.take(place.id);
        events.moved();
      }
      put({ place, draft, how });
    },
    async rename(id, name) {
      await rest();
      try {
        const kept = await shelf.change(id, (there) => there && rename(there, name));
        if (!kept || id !== place.id) return;
        place.name = name;
        events.moved();
      } catch (error) {
        tell(isFull(error) ? 'full' : 'refused');
      }
    },
    async takeUp() {
      for (const { id, name, base, revision, writer, code, settings } of words.found()) {
        left.add(id);
        const held = Promise.resolve(true);
        const lost: Place = { id, own: true, name, base, revision, writer, held };
        put({ place: lost, draft: { code, settings }, how: 'edit' });
      }
      await rest();
    },
    leave() {
      for (const { place: here, draft } of under ? [under, ...jobs] : jobs) {
        const { id, revision, writer, name, base } = here;
        if (words.leave({ id, revision, writer, name, base, ...draft })) left.add(id);
      }
    },
    async settled() {
      while (working) await working;
    },
  };
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError';
}
