/** The address bar follows the program: what is typed is in the link a moment later, without a new history entry. */
import { encodeLink, type Link } from './permalink';

/** Browsers bound how often an address may change (Safari: 100 times in 30 s). */
const PAUSE_MS = 400;

export interface Address {
  /** The program or its settings changed; `undefined`: nothing worth a link; a text: the fragment of a lesson. */
  follow(link: (Partial<Link> & { code: string }) | string | undefined): void;
  /** The link as a whole address, for the clipboard. Throws LinkError. */
  link(link: Partial<Link> & { code: string }): Promise<string>;
  /** The fragment this page wrote itself, to tell it from one that somebody pasted. */
  readonly own: string;
  /** What somebody pasted, or chose, is being opened: from now on it is the page's. */
  arrive(): void;
  /** Note with this entry of the history whose program it shows, or will when it is typed on. It survives a reload. */
  mark(program: string): void;
  /** What was noted; undefined: somebody came here by a link or by hand. */
  readonly marked: string | undefined;
}

export function createAddress(place: Location, history: History): Address {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;
  const address = {
    own: place.hash,
    follow(link: (Partial<Link> & { code: string }) | string | undefined): void {
      const turn = ++latest;
      clearTimeout(timer);
      timer = setTimeout(async () => {
        // A program too large for a link leaves the bare address: no link is better than an old one.
        const fragment = typeof link === 'string' ? link : link ? await encodeLink(link).catch(() => '') : '';
        // Somebody went elsewhere meanwhile, and the page is about to hear of it.
        if (turn !== latest || place.hash !== address.own) return;
        address.own = fragment;
        history.replaceState(history.state, '', place.pathname + place.search + fragment);
      }, PAUSE_MS);
    },
    arrive(): void {
      address.own = place.hash;
    },
    mark(program: string): void {
      if (address.marked !== program) history.replaceState({ program }, '');
    },
    get marked(): string | undefined {
      const { program } = (history.state ?? {}) as { program?: unknown };
      return typeof program === 'string' ? program : undefined;
    },
    async link(link: Partial<Link> & { code: string }): Promise<string> {
      return place.origin + place.pathname + (await encodeLink(link));
    },
  };
  return address;
}
