/** What crosses the worker's boundary, and nothing else does. */
import type { Files } from './assets';

export type ClockName = 'virtual' | 'real';

/** Page → worker. */
export type Command =
  | {
      type: 'init';
      /** Python is restored from the build's snapshot. What it is made of, or started from, follows in `files`. */
      restores: boolean;
      /** Bytes of the library's files, see library.ts. */
      library: number[];
      /** Pyodide's core, compiled. */
      module: WebAssembly.Module;
      /** The rest of it, where it has come; else it comes with the library, or by message. See halves.ts. */
      rest: WebAssembly.Module | undefined;
      /** Shared words, see WORD; absent without SharedArrayBuffer. */
      shared: SharedArrayBuffer | undefined;
      /** False: do without JSPI, as engines that lack it. */
      jspi: boolean;
    }
  | { type: 'files'; files: Files }
  | {
      type: 'run';
      code: string;
      clock: ClockName;
      seed: number;
      pace: number;
      /** Whether variables of suspended tasks are recorded. */
      variables: boolean;
      /** Pins of packages: `name==version`. */
      requirements: string[];
    }
  /** The answer to `fetch`: see Answer in broker.ts. */
  | { type: 'fetched'; id: number; status: number; contentType: string; bytes: ArrayBuffer; problem: string }
  | { type: 'rest'; rest: WebAssembly.Module }
  /** The answer to `want`. */
  | { type: 'file'; name: string; bytes: ArrayBuffer; problem: string }
  /** The answer to `request`: see Response in outside.ts. */
  | {
      type: 'answered';
      id: number;
      status: number;
      statusText: string;
      headers: [string, string][];
      bytes: ArrayBuffer;
      problem: string;
    }
  /** A line that was typed, with its end; empty: end of input. Through the shared text where there is one. */
  | { type: 'line'; text: string }
  /** The interrupt word was written: look at it. Sent after writing, so that a parked program sees it. */
  | { type: 'interrupt' };

/** Worker → page. */
export type Report =
  /** `restored`: from the build's snapshot. */
  | { type: 'ready'; python: string; jspi: boolean; restored: boolean }
  /** Packages are installed before the program starts. */
  | { type: 'installing'; detail: string }
  /** A file of the site is asked for: see `fetchExtra` in assets.ts. */
  | { type: 'want'; name: string }
  /** An address of the package index is asked for. */
  | { type: 'fetch'; id: number; url: string }
  /** The program asks a host: see Request in outside.ts. */
  | {
      type: 'request';
      id: number;
      url: string;
      method: string;
      headers: [string, string][];
      body: ArrayBuffer | undefined;
    }
  /** Packages are there, the program starts. */
  | { type: 'installed'; requirements: string[]; loosened: boolean }
  | { type: 'batch'; frame: ArrayBuffer }
  /** The program waits for a line of input. */
  | { type: 'ask' }
  /** JSON of how the program ended, see browser.py. */
  | { type: 'done'; exit: string }
  /** Nothing more will come: the run's findings were sent. */
  | { type: 'analysed' }
  /** The interpreter is gone; only a new worker helps. */
  | { type: 'broken'; message: string };

/** Int32 words of the shared buffer. */
export const WORD = {
  /** Pyodide's interrupt buffer: the first byte of this word holds a signal number. */
  INTERRUPT: 0,
  /** Changes with every wake-up; the worker waits on it. */
  WAKE: 1,
  /** 1 while the program's loop is parked and everything it did has been sent. */
  PARKED: 2,
  /** What a held program is told: see CONTROL. */
  CONTROL: 3,
  /** Length in bytes of the line of input in the shared text; -1: there is none. */
  LINE: 4,
  /** 1: the library's bytes are there, behind the text. */
  LIBRARY: 5,
  /** Where the shared text begins, in bytes, and how long it may be. */
  TEXT: 32,
  TEXT_BYTES: 32_768,
} as const;

/** Where the library's bytes begin, see library.ts. */
export const SHARED_BYTES = WORD.TEXT + WORD.TEXT_BYTES;

/** What a held program is told; as in browser.py. */
export const CONTROL = { GO: 0, HELD: 1, STEP: 2 } as const;

export const SIGINT = 2;
/** Asks for a batch now; PEEK in browser.py. */
export const PEEK = 10;
/** Asks to stop before the next handle; HOLD in browser.py. */
export const HOLD = 12;
