/** What crosses the sandbox's boundary. What goes up is hostile until `check.ts` has seen it. */
import type { Files, Large } from '../assets';
import type { Command, Report } from '../messages';

/** Bounds of what one interpreter may send. No program reaches them by what the tracer sends of it. */
export const LIMITS = {
  /** Bytes of one message. */
  message: 24 * 1024 * 1024,
  /** Messages a second. */
  messages: 4000,
  /** Bytes a second. */
  bytes: 192 * 1024 * 1024,
} as const;

/** Bounds of a request to a host: characters, and how many headers. */
export const REQUEST = { url: 8000, headers: 100, header: 8000 } as const;

/** Characters of why an interpreter broke. */
export const BROKEN = 4000;

/** Page → frame. */
export type Down =
  /** The worker's script, in parts. */
  | { type: 'script'; parts: ArrayBuffer[] }
  /** Pyodide's core, and the rest of it. */
  | { type: 'core'; core: Large }
  | { type: 'rest'; rest: Large }
  | { type: 'files'; files: Files }
  /** An interpreter more; it starts when all it is made of has come. `shared`: bytes of memory to share with it, 0 for none. */
  | { type: 'spawn'; id: number; command: Init; shared: number; limits: typeof LIMITS }
  | { type: 'send'; id: number; command: Command; transfer: Transferable[] }
  | Words
  | { type: 'kill'; id: number }
  | { type: 'ping' };

/** What the frame adds to the first command of a worker, and the page can't have. */
type Init = Omit<Extract<Command, { type: 'init' }>, 'shared' | 'module' | 'rest'>;

/** Writes to an interpreter's shared words, in this order; nothing if word `unless` isn't 0. */
export interface Words {
  type: 'words';
  id: number;
  unless?: number;
  /** `expected`: only if the word has this value. */
  writes: [word: number, value: number, expected?: number][];
  text?: { at: number; bytes: Uint8Array };
  /** The word that its waiting hangs on: changed last. */
  wake?: number;
}

/** Frame → page. */
export type Up =
  /** `shared`: its memory can be shared with its workers; `blobs`: it can read the page's blobs. */
  | { type: 'open'; shared: boolean; blobs: boolean }
  | { type: 'report'; id: number; report: Report }
  /** An error that nobody in the worker caught. */
  | { type: 'error'; id: number; message: string }
  /** An interpreter was ended: it sent too much ('rate', 'size'), or its core could not be compiled. */
  | { type: 'lost'; id: number; reason: string }
  | { type: 'pong' };
