import { expect, test } from 'vitest';
import { PAUSE_MS } from '../../../web/src/keep/program';
import { createRoom, earlier, onShelf, openTab, type Room, type Tab } from '../helpers/shelf';

const draft = (code: string) => ({ code, settings: {} });

async function type(tab: Tab, ...texts: string[]): Promise<void> {
  for (const text of texts) tab.keeper.write(draft(text), 'edit');
  await tab.keeper.settled();
}

/** A page that goes before its last words are on the shelf. */
async function leftPage(room: Room): Promise<Tab> {
  const tab = openTab(room);
  tab.keeper.show('P', 'p');
  await type(tab, 'a');
  tab.keeper.write(draft('last words'), 'edit');
  tab.keeper.leave();
  return tab;
}

const only = (room: Room): string => [...room.programs.keys()][0] as string;

test('what is typed on an example becomes a program of its own; looking at one does not', async () => {
  const room = createRoom();
  const tab = openTab(room);
  tab.keeper.show('A lock', 'lock');
  await tab.keeper.settled();
  expect(onShelf(room)).toEqual({});
  expect(tab.keeper.id).toBe('');
  await type(tab, 'lock 1', 'lock 12');
  expect(onShelf(room)).toEqual({ 'A lock': 'lock 12' });
  expect(earlier(room, 'A lock')).toEqual(['begin: lock']);
  tab.keeper.show('A lock', 'lock');
  await type(tab, 'lock again');
  expect(onShelf(room)).toEqual({ 'A lock': 'lock 12', 'A lock (2)': 'lock again' });
});

test('every run is kept once, and so is what an edit after a pause or a large deletion takes away', async () => {
  const room = createRoom();
  const tab = openTab(room);
  tab.keeper.show('P', '');
  await type(tab, 'one');
  tab.keeper.write(draft('one'), 'run');
  tab.keeper.write(draft('one'), 'run');
  tab.keeper.write(draft('two'), 'edit');
  tab.keeper.write(draft('two, three'), 'run');
  await type(tab, 'two, three, four');
  expect(earlier(room, 'P')).toEqual(['run: one', 'run: two, three']);
  room.now += PAUSE_MS + 1;
  await type(tab, 'after a pause');
  expect(earlier(room, 'P').at(-1)).toBe('edit: two, three, four');
  await type(tab, 'x'.repeat(100));
  await type(tab, '');
  expect(earlier(room, 'P').at(-1)).toBe(`edit: ${'x'.repeat(100)}`);
});

test('an earlier text is brought back, and what it replaces is kept', async () => {
  const room = createRoom();
  const tab = openTab(room);
  tab.keeper.show('P', 'first');
  await type(tab, 'second');
  tab.keeper.write(draft('first'), 'back');
  await tab.keeper.settled();
  expect(onShelf(room)).toEqual({ P: 'first' });
  expect(earlier(room, 'P')).toEqual(['begin: first', 'edit: second']);
});

test('a tab that opens another tab’s program goes on with a copy', async () => {
  const room = createRoom();
  const [a, b] = [openTab(room), openTab(room)];
  a.keeper.show('P', '');
  await type(a, 'a');
  expect((await b.keeper.open(only(room)))?.code).toBe('a');
  await type(b, 'ab');
  await type(a, 'aa');
  expect(onShelf(room)).toEqual({ P: 'aa', 'P (2)': 'ab' });
  expect([a.said, b.said]).toEqual([[], ['copied from P']]);
  await type(b, 'abb');
  expect(onShelf(room)).toEqual({ P: 'aa', 'P (2)': 'abb' });
});

test('without locks two tabs that write one program end with two programs', async () => {
  const room = createRoom();
  const [a, b] = [openTab(room, { locks: false }), openTab(room, { locks: false })];
  a.keeper.show('P', '');
  await type(a, 'a');
  await b.keeper.open(only(room));
  await type(a, 'aa');
  await type(b, 'ab');
  await type(a, 'aaa');
  expect(onShelf(room)).toEqual({ P: 'aaa', 'P (2)': 'ab' });
  expect(b.said).toEqual(['copied from P']);
});

test('two tabs that write at the same moment both keep what they wrote', async () => {
  const room = createRoom();
  const tabs = Array.from({ length: 4 }, () => openTab(room, { locks: false }));
  tabs[0]?.keeper.show('P', '');
  await type(tabs[0] as Tab, 'start');
  for (const tab of tabs.slice(1)) await tab.keeper.open(only(room));
  await Promise.all(tabs.map((tab, number) => type(tab, `by ${number}`)));
  expect([...room.programs.values()].map(({ code }) => code).sort()).toEqual([
    'by 0',
    'by 1',
    'by 2',
    'by 3',
  ]);
});

test('a name given in one tab makes no copy of what another one writes', async () => {
  const room = createRoom();
  const [a, b] = [openTab(room), openTab(room)];
  a.keeper.show('P', '');
  await type(a, 'a');
  await b.keeper.rename(only(room), 'Mine');
  await type(a, 'aa');
  expect(onShelf(room)).toEqual({ Mine: 'aa' });
  expect(a.keeper.name).toBe('Mine');
});

test('what a page could not write any more the next one takes up', async () => {
  const room = createRoom();
  const a = await leftPage(room);
  room.refused = true; // the page has gone
  await a.keeper.settled();
  room.refused = false;
  const b = openTab(room);
  await b.keeper.takeUp();
  expect(onShelf(room)).toEqual({ P: 'last words' });
  expect(room.words.size).toBe(0);
});

test('last words that were written after all make no second program', async () => {
  const room = createRoom();
  const a = openTab(room);
  a.keeper.show('P', 'p');
  a.keeper.write(draft('first'), 'edit');
  a.keeper.write(draft('second'), 'edit');
  a.keeper.leave();
  const left = structuredClone([...room.words.values()]);
  await a.keeper.settled();
  expect(room.words.size).toBe(0);
  for (const words of left) room.words.set(words.id, words);
  await openTab(room).keeper.takeUp();
  expect(onShelf(room)).toEqual({ P: 'second' });
});

test('last words of a program that another tab has changed since become a copy', async () => {
  const room = createRoom();
  const a = openTab(room, { locks: false });
  a.keeper.show('P', '');
  await type(a, 'a');
  a.keeper.write(draft('last words'), 'edit');
  a.keeper.leave();
  room.refused = true;
  await a.keeper.settled();
  room.refused = false;
  const b = openTab(room, { locks: false });
  await b.keeper.open(only(room));
  await type(b, 'b');
  await openTab(room).keeper.takeUp();
  expect(onShelf(room)).toEqual({ P: 'b', 'P (2)': 'last words' });
});

test('where there is no room, first what can be had again goes, then earlier texts, then the page is told', async () => {
  const room = createRoom();
  let packages = 100;
  const tab = openTab(room, {
    async makeRoom() {
      const some = packages > 0;
      room.room += packages;
      packages = 0;
      return some;
    },
  });
  tab.keeper.show('P', 'begin');
  await type(tab, 'x'.repeat(100));
  for (const letter of 'abc') tab.keeper.write(draft(letter.repeat(100)), 'run');
  await tab.keeper.settled();
  room.room = 405;
  await type(tab, 'd'.repeat(150));
  expect(packages).toBe(0);
  expect(earlier(room, 'P')).toHaveLength(4);
  room.room = 300;
  await type(tab, 'e'.repeat(150));
  expect(onShelf(room)).toEqual({ P: 'e'.repeat(150) });
  expect(earlier(room, 'P')).toEqual([`run: ${'c'.repeat(100)}`]);
  expect(tab.troubles).toEqual([]);

  await type(tab, 'f'.repeat(1000));
  expect(tab.troubles).toEqual(['full']);
  expect(onShelf(room)).toEqual({ P: 'e'.repeat(150) });
  room.room = Infinity;
  await type(tab, 'g');
  expect(tab.troubles).toEqual(['full', undefined]);
  expect(onShelf(room)).toEqual({ P: 'g' });
});

test('a browser that keeps nothing is told of once, and the program is unsaved', async () => {
  const room = createRoom();
  room.refused = true;
  const tab = openTab(room);
  tab.keeper.show('P', '');
  await type(tab, 'a');
  await type(tab, 'ab');
  expect(tab.troubles).toEqual(['refused']);
  tab.keeper.leave();
  expect([...room.words.values()].map(({ code }) => code)).toEqual(['ab']);
});

test('a run that could not be written at once is an earlier text all the same', async () => {
  const room = createRoom();
  const tab = openTab(room);
  tab.keeper.show('P', 'one');
  room.refused = true;
  tab.keeper.write(draft('two'), 'run');
  await type(tab, 'three');
  room.refused = false;
  await type(tab, 'three, four');
  expect(onShelf(room)).toEqual({ P: 'three, four' });
  expect(earlier(room, 'P')).toEqual(['begin: one', 'run: two']);
});

test('what can’t be written is still the program that the next page opens', async () => {
  const room = createRoom();
  const a = openTab(room);
  a.keeper.show('P', 'p');
  room.room = 1;
  await type(a, 'too long');
  a.keeper.leave();
  const b = openTab(room);
  await b.keeper.takeUp();
  expect(b.troubles).toEqual(['full']);
  expect(await b.keeper.open(a.keeper.id)).toEqual(draft('too long'));
  room.room = Infinity;
  await type(b, 'longer still');
  expect(onShelf(room)).toEqual({ P: 'longer still' });
  expect(room.words.size).toBe(0);
});

test('a database that never answers keeps nobody from what the page before could not write', async () => {
  const room = createRoom();
  await leftPage(room);
  room.dead = true;
  const b = openTab(room);
  await b.keeper.takeUp();
  expect((await b.keeper.open(only(room)))?.code).toBe('last words');
  b.keeper.write(draft('last words, and more'), 'edit');
  b.keeper.leave();
  expect([...room.words.values()].map(({ code }) => code)).toEqual(['last words, and more']);
});
