/** Which program is on the page: opened from the menu or from a link, and told by the address bar. */
import { defaultExample, defaultRecording, recordings } from 'virtual:loopscope-recordings';
import { effect } from '@preact/signals';
import { createAddress } from '../share/address';
import { decodeLink, type Link } from '../share/permalink';
import type { Editor } from '../views/editor/editor';
import type { Example } from '../views/examples';
import type { Player } from '../views/player';
import { emptyRun, type Store } from '../views/store';

type Program = Partial<Link> & { code: string };

export interface Programs {
  /** What an opened link says beside the program and the clock. */
  readonly settings: Partial<Link>;
  openExample(name: string): void;
  /** Opens what the address bar says; `first`: the page has just been opened. */
  openAddress(first: boolean): Promise<void>;
  /** The address of what is on the page. */
  link(): Promise<string>;
  /** The pins of packages that the program on the page got. */
  pin(requirements: string[]): void;
}

/** `onOpen`: another program is about to take the place of the one on the page. */
export function createPrograms(
  store: Store,
  editor: Editor,
  player: Player,
  examples: readonly Example[],
  onOpen: () => void,
): Programs {
  const address = createAddress(location, history);
  let settings: Partial<Link> = {};

  function program(code: string): Program {
    const pace = store.pace.value;
    return { ...settings, code, clock: store.clock.value, pace: pace > 0 ? pace : undefined };
  }

  /** A program takes the place of the one before; an example shows the run that was recorded of it. */
  function open({ code, clock = 'virtual', pace, at, ...rest }: Program): void {
    onOpen();
    const example = examples.find((candidate) => candidate.code === code);
    const recorded = example !== undefined && clock === 'virtual' && recordings[example.name] !== undefined;
    settings = rest;
    editor.setText(code);
    store.code.value = code;
    store.clock.value = clock;
    store.pace.value = pace ?? 0;
    store.example.value = example?.name ?? '';
    store.problem.value = undefined;
    store.notice.value = undefined;
    const run = emptyRun(code, recorded);
    player.show(run);
    player.lookAt(at);
    if (!recorded) return;
    if (example.name === defaultExample) player.append(run, defaultRecording.slice().buffer);
    else void player.load(run, recordings[example.name] as string);
  }

  const programs: Programs = {
    get settings() {
      return settings;
    },
    openExample(name) {
      const example = examples.find((candidate) => candidate.name === name);
      if (example) open({ code: example.code });
    },
    // A broken link takes nothing away: what is there stays, and the page says why.
    async openAddress(first) {
      if (!first && location.hash === address.own) return;
      if (first && location.hash === '') return programs.openExample(defaultExample || 'default');
      try {
        const link = await decodeLink(location.hash);
        if (link) open(link);
      } catch (error) {
        if (first) programs.openExample(defaultExample || 'default');
        store.notice.value = { text: error instanceof Error ? error.message : String(error), urgent: true };
      }
    },
    link() {
      const at = store.cursor.value < 0 || store.stale.value ? {} : { at: store.cursor.value };
      return address.link({ ...program(editor.text()), ...at });
    },
    pin(requirements) {
      settings = { ...settings, requirements };
      address.follow(program(editor.text()));
    },
  };

  effect(() => {
    const code = store.code.value;
    const plain =
      store.example.value === defaultExample && store.clock.value === 'virtual' && store.pace.value === 0;
    if (code) address.follow(plain ? undefined : program(code));
  });
  return programs;
}
