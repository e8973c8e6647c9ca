/**
 * The worker's side of installing what a program needs. micropip is fetched when the first package is wanted; every
 * address it asks for goes to the page, which answers with bytes.
 */
import type { PyodideInterface } from 'pyodide';
import type { PyProxy } from 'pyodide/ffi';
import type { Command, Report } from './messages';

type Fetched = Extract<Command, { type: 'fetched' }>;

/** What was installed, or why the program can't run: see packages.py. */
export interface Installed {
  /** Pins, `name==version`. */
  requirements: string[];
  /** The given pins couldn't be kept. */
  loosened: boolean;
  problem: unknown;
}

/** MICROPIP in packages.py. */
const MICROPIP = '/lib/micropip.zip';

interface Module extends PyProxy {
  wants(code: string): boolean;
  install(page: object, code: string, pins: string[]): Promise<string>;
}

export interface Packages {
  /** Installs what a program needs; undefined: it needs nothing, and nothing was pinned. */
  install(code: string, pins: string[]): Promise<Installed | undefined>;
  fetched(answer: Fetched): void;
}

export function createPackages(
  pyodide: PyodideInterface,
  micropip: () => Promise<Uint8Array>,
  report: (message: Report) => void,
): Packages {
  const waiting = new Map<number, (answer: object) => void>();
  const module = pyodide.pyimport('loopscope.packages') as Module;
  let asked = 0;

  const page = {
    fetch: (url: string): Promise<object> =>
      new Promise((resolve) => {
        waiting.set(++asked, resolve);
        report({ type: 'fetch', id: asked, url });
      }),
    tell: (detail: string): void => report({ type: 'installing', detail }),
  };

  return {
    async install(code, pins) {
      if (!module.wants(code))
        return pins.length ? { requirements: [], loosened: false, problem: null } : undefined;
      page.tell('Looking for packages');
      pyodide.FS.writeFile(MICROPIP, await micropip());
      return JSON.parse(await module.install(page, code, pins)) as Installed;
    },
    fetched({ id, status, contentType, bytes, problem }) {
      waiting.get(id)?.({ status, type: contentType, bytes: new Uint8Array(bytes), problem });
      waiting.delete(id);
    },
  };
}
