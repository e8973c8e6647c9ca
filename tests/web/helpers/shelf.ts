/** A shelf in memory, and what else a keeper stands on: several keepers over one are several tabs. */
import type { Holds } from '../../../web/src/keep/holds';
import { createKeeper, type Keeper, type Trouble } from '../../../web/src/keep/keeper';
import type { Kept } from '../../../web/src/keep/program';
import type { Shelf } from '../../../web/src/keep/shelf';
import type { LastWords } from '../../../web/src/keep/unsaved';

export interface Room {
  shelf: Shelf;
  programs: Map<string, Kept>;
  texts: Map<string, string>;
  words: Map<string, LastWords>;
  /** Characters that fit; more is a QuotaExceededError. */
  room: number;
  refused: boolean;
  /** Its changes never come to an end. */
  dead: boolean;
  now: number;
  /** Which tab has which program. */
  held: Map<string, object>;
}

export function createRoom(): Room {
  const programs = new Map<string, Kept>();
  const texts = new Map<string, string>();
  const turn = async (): Promise<void> => {
    await Promise.resolve();
    if (room.refused) throw new DOMException('refused', 'InvalidStateError');
  };
  const room: Room = {
    programs,
    texts,
    words: new Map(),
    room: Infinity,
    refused: false,
    dead: false,
    now: 0,
    held: new Map(),
    shelf: {
      async list() {
        await turn();
        return [...programs.values()].sort((a, b) => b.at - a.at);
      },
      async get(id) {
        await turn();
        return structuredClone(programs.get(id));
      },
      async change(id, decide) {
        if (room.dead) await new Promise(() => {});
        await turn();
        const change = decide(structuredClone(programs.get(id)));
        if (!change) return undefined;
        const after = new Map([...texts].filter(([key]) => !change.drop.includes(key)));
        for (const [key, text] of change.add) after.set(key, text);
        const all = new Map(programs).set(id, change.program);
        const size = [...after.values(), ...[...all.values()].map(({ code }) => code)].join('').length;
        if (size > room.room) throw new DOMException('full', 'QuotaExceededError');
        programs.set(id, structuredClone(change.program));
        texts.clear();
        for (const [key, text] of after) texts.set(key, text);
        return structuredClone(change.program);
      },
      async text(key) {
        await turn();
        return texts.get(key);
      },
      async remove(id) {
        await turn();
        for (const { key } of programs.get(id)?.versions ?? []) texts.delete(key);
        programs.delete(id);
      },
    },
  };
  return room;
}

export interface Tab {
  keeper: Keeper;
  said: string[];
  troubles: (Trouble | undefined)[];
}

let ids = 0;

/** `locks` false: the browser has no Web Locks. */
export function openTab(room: Room, { locks = true, makeRoom = async () => false } = {}): Tab {
  const said: string[] = [];
  const troubles: (Trouble | undefined)[] = [];
  const self = {};
  const holds: Holds = {
    async take(id) {
      if (!locks) return true;
      for (const [name, tab] of room.held) if (tab === self && name !== id) room.held.delete(name);
      if (id === '') return true;
      if (!room.held.has(id)) room.held.set(id, self);
      return room.held.get(id) === self;
    },
    elsewhere: async () => new Set([...room.held].filter(([, tab]) => tab !== self).map(([id]) => id)),
  };
  const keeper = createKeeper(
    {
      shelf: room.shelf,
      holds,
      words: {
        leave: (words) => room.words.set(words.id, structuredClone(words)) !== undefined,
        found: () => [...room.words.values()],
        done: (id) => room.words.delete(id),
      },
      now: () => room.now,
      newId: () => `id${++ids}`,
      makeRoom,
      patience: async (work) => void (await Promise.race([work, room.dead ? undefined : work])),
    },
    {
      moved: () => {},
      copied: (from) => said.push(`copied from ${from}`),
      trouble: (what) => troubles.push(what),
    },
  );
  return { keeper, said, troubles };
}

/** Every program with its text, by name. */
export function onShelf(room: Room): Record<string, string> {
  return Object.fromEntries([...room.programs.values()].map(({ name, code }) => [name, code]).sort());
}

/** A program's earlier texts, oldest first. */
export function earlier(room: Room, name: string): string[] {
  const kept = [...room.programs.values()].find((one) => one.name === name);
  return (kept?.versions ?? []).map(({ key, why }) => `${why}: ${room.texts.get(key)}`);
}
