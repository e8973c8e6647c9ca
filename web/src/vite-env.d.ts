/// <reference types="vite/client" />

/** Where the page finds its Python: content-hashed, so that every answer may be cached for ever. */
declare module 'virtual:loopscope-runtime' {
  /** The worker's script, on top of `python`: both are classic scripts. */
  export const worker: string;
  /** Pyodide's scripts, see scripts/python/classic.mjs. */
  export const python: string;
  /** Pyodide's core, WebAssembly. */
  export const core: string;
  /** The standard library as byte code: `loadPyodide({ stdLibURL })`. */
  export const rest: string;
  export const stdlib: string;
  /**
   * The package `loopscope` as byte code. Write it to `/lib/loopscope.zip` in Pyodide's file system and put that
   * path on `sys.path`: code objects say `/lib/loopscope.zip/loopscope/….py`.
   */
  export const loopscope: string;
  /** Bytes of `stdlib` and of `loopscope`. */
  export const library: number[];
  /** The memory of a Python that has started and imported what a run needs (snapshot.ts); empty: the build made none. */
  export const memory: string;
  /** micropip as byte code, for `/lib/micropip.zip`: fetched when a program needs a package. */
  export const micropip: string;
}

/** Recorded runs of web/examples/*.py, made by the build with the real tracer under the virtual clock. */
declare module 'virtual:loopscope-recordings' {
  /** Example's name (its file name without .py) → URL of its batches. */
  export const recordings: Readonly<Record<string, string>>;
  /** Name of the program that the page opens with. */
  export const defaultExample: string;
  /** That program's batches, inlined: shown before anything else has loaded. Empty when there is none. */
  export const defaultRecording: Uint8Array;
}

/** The course: web/lessons/*, in order. */
declare module 'virtual:loopscope-lessons' {
  export const lessons: readonly {
    slug: string;
    /** Its place in the course, from 1. */
    number: number;
    title: string;
    summary: string;
    /** How many questions it asks. */
    questions: number;
    /** Where its JSON lies: a `Lesson` of src/lessons/lesson.ts. */
    url: string;
  }[];
}
