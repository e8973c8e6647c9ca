/** Which program is on the page: an example's, a link's or the visitor's own; kept, and told by the address bar. */
import { defaultExample, defaultRecording, recordings } from 'virtual:loopscope-recordings';
import { batch, effect } from '@preact/signals';
import type { How } from '../keep/keeper';
import type { Draft } from '../keep/program';
import { lastProgram } from '../keep/unsaved';
import { createAddress } from '../share/address';
import { decodeLink, type Link, readLink } from '../share/permalink';
import type { Editor } from '../views/editor/editor';
import { type Example, exampleOf } from '../views/examples';
import type { Player } from '../views/player';
import { emptyRun, type ProgramControls, type Run, type Store } from '../views/store';
import { createKeeping, localStore } from './keeping';
import { isTab, momentOf } from './moment';

type Program = Partial<Link> & { code: string };

export const LESSONS = '#lessons';
export const FROM_A_LINK = 'From a link';
const FROM_A_FILE = 'From a trace file';

/** The program that the page will open with, as far as that is known before anything is looked up; '': another one. */
export function firstProgram(examples: readonly Example[]): string {
  if (location.hash !== '' || history.state !== null || lastProgram(localStore())) return '';
  return examples.find(({ name }) => name === (defaultExample || 'default'))?.code ?? '';
}

export interface Programs extends ProgramControls {
  /** What an opened link says beside the program and the clock. */
  readonly settings: Partial<Link>;
  openExample(name: string): void;
  /** Something is asked for that takes its time. The answer: whether somebody has gone on since, with this program or another. */
  ask(): () => boolean;
  /** Opens a recorded run, with its program in the editor; the one that was there can be had back. */
  openRun(run: Run): void;
  /** Opens what the address bar says; `first`: the page has just been opened. */
  openAddress(first: boolean): Promise<void>;
  /** Puts a lesson's program on the page; its run is not shown. Its address is the lesson's. */
  openLesson(lesson: { code: string; title: string }, fragment: string): void;
  /** The program stays, the lesson is over: the address is the program's again. */
  leaveLesson(): void;
  /** The address of what is on the page; `quiz`: what it asks first. */
  link(quiz?: unknown): Promise<string>;
  /** The pins of packages that the program on the page got. */
  pin(requirements: string[]): void;
  /** The program on the page is about to run: it is kept as it is now. */
  running(): void;
}

export interface ProgramsEvents {
  /** Another program is about to take the place of the one on the page. */
  onOpen(): void;
  /** It has. `link`: what it came with. */
  onOpened(link: Partial<Link>): void;
  /** Whether somebody else opens what a fragment says, and when that is done. */
  route(fragment: string, first: boolean): boolean | Promise<void>;
}

export function createPrograms(
  store: Store,
  editor: Editor,
  player: Player,
  examples: readonly Example[],
  { onOpen, onOpened, route }: ProgramsEvents,
): Programs {
  const address = createAddress(location, history);
  const keeping = createKeeping(store, (id) => address.mark(id));
  const { keeper, shelf } = keeping;
  let settings: Partial<Link> = {};
  /** The program that is asked about, and the address of the lesson that it belongs to. */
  let asked = '';
  let lesson = '';
  /** Counts what was asked for, to be opened or run: what comes later than something asked for after it is dropped. */
  let wish = 0;
  /** The program as it was opened, or as it was written last: what differs from it is to be kept. */
  let opened = '';

  /** What is kept of the program on the page. */
  function draft() {
    const { code, ...how } = program(store.code.value);
    return { code, settings: how };
  }

  function write(how: How): void {
    const now = draft();
    opened = JSON.stringify(now);
    keeper.write(now, how);
  }

  /** The editor tells what was typed a moment later: what has to be known now is asked for. */
  function hearOut(): void {
    if (store.code.value === editor.text()) return;
    store.example.value = '';
    store.code.value = editor.text();
  }

  function program(code: string): Program {
    const pace = store.pace.value;
    const variables = store.variables.value || undefined;
    const link = {
      ...settings,
      code,
      clock: store.clock.value,
      pace: pace > 0 ? pace : undefined,
      variables,
    };
    // What is asked is asked about one program.
    return code === asked ? link : { ...link, quiz: undefined };
  }

  /** A program takes the place of the one before in the editor. `fragment`: a lesson's. */
  function put({ code, clock = 'virtual', pace, variables, ...rest }: Program, fragment = ''): void {
    wish++;
    onOpen();
    hearOut();
    batch(() => {
      settings = rest;
      asked = code;
      lesson = fragment;
      editor.setText(code);
      // As the editor has it: it knows one end of line alone.
      store.code.value = editor.text();
      store.clock.value = clock;
      store.pace.value = pace ?? 0;
      store.variables.value = variables ?? false;
      store.example.value = examples.find((candidate) => candidate.code === code)?.name ?? '';
      store.problem.value = undefined;
      store.notice.value = keeping.trouble;
      opened = JSON.stringify(draft());
    });
  }

  /** A program takes the place of the one before; an example shows the run that was recorded of it. */
  function open({ at, task, part, view, ...wanted }: Program, fragment = ''): void {
    const { code, clock = 'virtual' } = wanted;
    const example = examples.find((candidate) => candidate.code === code);
    // Whoever is asked first sees no run yet.
    const shown = fragment === '' && wanted.quiz === undefined;
    const recorded =
      shown && example !== undefined && clock === 'virtual' && recordings[example.name] !== undefined;
    put(wanted, fragment);
    const run = emptyRun(code, recorded);
    player.show(run);
    player.lookAt(at, task === undefined ? undefined : { task, part });
    if (view !== undefined && isTab(view)) store.tab.value = view;
    if (!fragment) onOpened(wanted);
    if (!recorded) return;
    if (example.name === defaultExample) player.append(run, defaultRecording.slice().buffer);
    else void player.load(run, recordings[example.name] as string);
  }

  /** A program of the visitor's takes the place; `code`: an earlier text of it. */
  function openKept(kept: Draft, code = kept.code): void {
    let rest: Partial<Link> = {};
    try {
      rest = readLink({ ...kept.settings, code });
    } catch {
      // Another Loopscope kept it: its text is what counts.
    }
    open({ ...rest, code });
    if (code !== kept.code) write('back');
  }

  async function openOwn(id: string, mine = ++wish): Promise<boolean> {
    hearOut();
    const kept = id ? await keeper.open(id, () => mine === wish) : undefined;
    if (kept) openKept(kept);
    return kept !== undefined;
  }

  /** A program from elsewhere takes the place; the visitor's is kept, and can be had back at once. */
  function openLink(link: Link): void {
    hearOut();
    const { id, name } = keeper;
    const example = exampleOf(examples, link.code);
    const code = example?.code ?? link.code;
    open({ ...link, code });
    keeper.show(example?.title ?? FROM_A_LINK, code);
    if (!id) return;
    store.notice.value = {
      text: `The link’s program is on the page. Yours, “${name}”, is kept.`,
      urgent: false,
      action: { label: 'Bring it back', run: () => programs.openProgram(id) },
    };
  }

  const follow = (): void => {
    const plain =
      store.example.value === defaultExample && store.clock.value === 'virtual' && store.pace.value === 0;
    if (store.code.value)
      address.follow(lesson || (plain && !settings.quiz ? undefined : program(store.code.value)));
  };

  const programs: Programs = {
    get settings() {
      return settings;
    },
    openExample(name) {
      const example = examples.find((candidate) => candidate.name === name);
      if (!example) return;
      open({ code: example.code });
      keeper.show(example.title, example.code);
    },
    ask() {
      // Before the first program is there, that one is still to come.
      const mine = opened === '' ? wish : ++wish;
      const text = editor.text();
      return () => mine !== wish || editor.text() !== text;
    },
    openLesson({ code, title }, fragment) {
      open({ code }, fragment);
      keeper.show(title, code);
    },
    leaveLesson() {
      lesson = '';
      follow();
    },
    openRun(run) {
      hearOut();
      const { program: code, clock, pace, requirements, seed, end } = run.info;
      const { id, name } = keeper;
      const before = store.run.value;
      put({ code, clock, requirements, ...(pace > 0 && { pace }), ...(seed > 0 && { seed }) });
      // The editor knows one end of line alone: what it shows is the program of this run.
      run.code = editor.text();
      keeper.show(FROM_A_FILE, code);
      player.lookAt(undefined);
      store.problem.value = end?.problem && { line: undefined, ...end.problem };
      player.show(run);
      onOpened({ code });
      const bringBack = async (): Promise<void> => {
        if (await openOwn(id)) player.show(before);
      };
      store.notice.value = {
        text: `${run.file} is on the page: a recorded run, and its program.${id ? ` Yours, “${name}”, is kept.` : ''}`,
        urgent: false,
        ...(id && { action: { label: 'Bring it back', run: () => void bringBack() } }),
      };
    },
    // A broken link takes nothing away: what is there stays, and the page says why.
    async openAddress(first) {
      if (!first && location.hash === address.own) return;
      const mine = ++wish;
      const late = (): boolean => mine !== wish;
      address.arrive();
      if (first) await keeper.takeUp();
      if (late()) return;
      // The list of lessons stands beside a program: the one that would be there without it.
      const elsewhere = route(location.hash, first);
      if (elsewhere && !(first && location.hash === LESSONS)) {
        await elsewhere;
        return;
      }
      const { marked } = address;
      // This entry of the history may have shown a program of the visitor's: that one, as it is now.
      if (marked && (await openOwn(marked, mine))) return;
      if (first && (location.hash === '' || location.hash === LESSONS)) {
        if (marked === undefined && (await openOwn(await keeping.last(), mine))) return;
        if (!late()) programs.openExample(defaultExample || 'default');
        return;
      }
      try {
        const link = await decodeLink(location.hash);
        if (link && !late()) openLink(link);
      } catch (error) {
        if (late()) return;
        if (first) programs.openExample(defaultExample || 'default');
        const text = error instanceof Error ? error.message : String(error);
        // The address leads nowhere: once that was read, it is the one of what is on the page again.
        store.notice.value = { text, urgent: true, onDismiss: follow };
      }
    },
    link(quiz) {
      const link = program(editor.text());
      if (quiz !== undefined) return address.link({ ...link, quiz });
      return address.link({ ...link, ...momentOf(store) });
    },
    pin(requirements) {
      settings = { ...settings, requirements };
      address.follow(program(editor.text()));
      if (keeper.id) write('edit');
    },
    running() {
      wish++;
      hearOut();
      // Of an example that nobody changed there is nothing to keep.
      if (keeper.id || keeper.name === FROM_A_LINK || keeper.name === FROM_A_FILE) write('run');
    },
    programs() {
      hearOut();
      return keeping.entries();
    },
    newProgram() {
      open({ code: '' });
      keeper.show('New program', '');
      editor.focus();
    },
    openProgram(id) {
      if (id !== keeper.id) void openOwn(id);
    },
    async bringBack(id, key) {
      hearOut();
      const mine = ++wish;
      const code = await shelf.text(key).catch(() => undefined);
      const kept = code === undefined ? undefined : await keeper.open(id, () => mine === wish);
      if (kept) openKept(kept, code);
    },
    nameProgram: (id, name) => keeper.rename(id, name),
    deletePrograms(ids) {
      if (ids.includes(keeper.id)) programs.openExample(defaultExample || 'default');
      void keeper.settled().then(() => Promise.allSettled(ids.map((id) => shelf.remove(id))));
    },
  };

  effect(follow);
  effect(() => {
    const now = JSON.stringify(draft());
    if (opened === '') return;
    // Another clock for a program that isn't the visitor's makes it no program of theirs.
    if (now === opened || (!keeper.id && draft().code === (JSON.parse(opened) as Draft).code)) return;
    write('edit');
  });
  addEventListener('pagehide', () => {
    hearOut();
    keeper.leave();
  });
  return programs;
}
