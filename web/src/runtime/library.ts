/**
 * The standard library and our package, as files that are there before their bytes are. A restored memory holds all
 * modules that most programs import; for any other the bytes are asked for, and waited for where they are read.
 *
 *     read ──▶ here? ──yes──▶ bytes
 *                └──no──▶ ask the page, wait on the shared words ──▶ written there
 *                              └── interrupted meanwhile: EINTR, Python sees to its signals and reads again
 *
 * Without shared memory nothing can be waited for in the middle of a program: it waits before it begins.
 */
import { SHARED_BYTES, WORD } from './messages';

/** What is used of Emscripten's file system. */
export interface FileSystem {
  writeFile(path: string, data: Uint8Array): void;
  lookupPath(path: string): { node: object };
  ErrnoError: new (errno: number) => Error;
}

export interface Library {
  /** Put the files in place; their sizes are known. */
  mount(fs: FileSystem): void;
  /** The rest of Python's core, see halves.ts: waited for, whatever happens meanwhile. */
  rest(): WebAssembly.Module;
  /** Resolves when a program can begin. */
  settled(): Promise<void>;
}

/** Where Pyodide and we look for the two, in the order in which they come; the rest of the core comes after them. */
const PATHS = ['/lib/python314.zip', '/lib/loopscope.zip'];
const EINTR = 27;
/** Milliseconds between looks at the interrupt word. */
const LOOK = 50;

/**
 * `shared`: the memory in which the page writes the bytes, behind the words; undefined where there is none.
 * `ask`: tell the page to; `bring`: the bytes by message.
 */
export function createLibrary(
  sizes: number[],
  shared: SharedArrayBuffer | undefined,
  ask: () => void,
  bring: () => Promise<Uint8Array>,
): Library {
  const words = shared && new Int32Array(shared, 0, WORD.TEXT / 4);
  let bytes: Uint8Array | undefined;
  let asked = false;
  let Interrupted: new () => Error = Error;

  /** `patient`: an interrupt is looked at afterwards. */
  function all(patient = false): Uint8Array {
    if (bytes) return bytes;
    if (!shared || !words) throw new Error('the library is read before it is there');
    if (!asked) ask();
    asked = true;
    while (!Atomics.load(words, WORD.LIBRARY)) {
      if (!patient && Atomics.load(words, WORD.INTERRUPT)) throw new Interrupted();
      Atomics.wait(words, WORD.LIBRARY, 0, LOOK);
    }
    bytes = new Uint8Array(shared, SHARED_BYTES);
    return bytes;
  }

  return {
    mount(fs) {
      Interrupted = class extends fs.ErrnoError {
        constructor() {
          super(EINTR);
        }
      };
      let from = 0;
      PATHS.forEach((path, k) => {
        const begin = from;
        const size = sizes[k] ?? 0;
        from += size;
        fs.writeFile(path, new Uint8Array(0));
        Object.defineProperties(fs.lookupPath(path).node, {
          usedBytes: { value: size },
          contents: { get: () => all().subarray(begin, begin + size) },
        });
      });
    },
    rest() {
      const from = PATHS.reduce((sum, _, k) => sum + (sizes[k] ?? 0), 0);
      // A copy: no module is made from shared memory.
      return new WebAssembly.Module(all(true).slice(from, from + (sizes[PATHS.length] ?? 0)));
    },
    async settled() {
      if (!shared) bytes ??= await bring();
    },
  };
}
