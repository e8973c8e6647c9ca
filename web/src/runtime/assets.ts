/**
 * What an interpreter is made of, fetched by the page: the sandbox has no network.
 *
 *     at once:      core, scripts, the snapshot of Python's memory; without one: the library
 *     when idle:    the library and the rest of the core, with a snapshot; without one, or without shared memory, at once
 *     when wanted:  micropip
 */
import {
  core,
  library,
  loopscope,
  memory,
  micropip,
  python,
  rest,
  stdlib,
  worker,
} from 'virtual:loopscope-runtime';

export interface Assets {
  /** Classic scripts, in this order: Pyodide, and the worker on top of it. */
  script: Promise<ArrayBuffer[]>;
  /** The files that every interpreter needs, see `Files`. */
  files: Promise<Files>;
  /** Pyodide's core, and the rest of it, see halves.ts. */
  core: Promise<Large>;
  rest(): Promise<Large>;
}

/** What the worker starts from: the memory of a started Python, or the files that Python starts from. */
export type Files = { memory: Large } | { stdlib: ArrayBuffer; loopscope: ArrayBuffer };

/**
 * The largest files. As a blob they come without this thread, which has the page to make meanwhile, and are read where they
 * are used; as bytes where blobs of this page can't be read there.
 */
export type Large = Blob | ArrayBuffer;

/** Bytes of stdlib, loopscope and the rest of the core. */
export const LIBRARY_SIZES = library;
/** Bytes of shared memory that hold them all: whole words. */
export const LIBRARY_BYTES = Math.ceil(library.reduce((sum, size) => sum + size, 0) / 4) * 4;

/** Files that are fetched when a program needs them. */
const EXTRAS = {
  micropip: () => bytes(micropip),
  library: wholeLibrary,
};

/** Whether there is a memory to restore. */
export const RESTORES = Boolean(memory);

/** `blobs`: whether blobs can be read where the files are used. */
export function fetchAssets(snapshot: boolean, blobs: Promise<boolean>): Assets {
  const got = {
    core: large(core, blobs),
    script: Promise.all([bytes(python), bytes(worker)]),
    files: fetchFiles(snapshot, blobs),
  };
  // Who waits for one of them hears of its failure; nobody else has to.
  for (const part of Object.values(got)) part.catch(() => {});
  return { ...got, rest: () => large(rest, blobs) };
}

async function fetchFiles(snapshot: boolean, blobs: Promise<boolean>): Promise<Files> {
  if (snapshot && memory) return { memory: await large(memory, blobs) };
  const [first, second] = await Promise.all([bytes(stdlib), bytes(loopscope)]);
  return { stdlib: first, loopscope: second };
}

/** One of the files that only some programs need; a copy for whoever asks. */
export async function fetchExtra(name: string): Promise<ArrayBuffer> {
  if (!Object.hasOwn(EXTRAS, name)) throw new Error(`there is no file ${name}`);
  return EXTRAS[name as keyof typeof EXTRAS]();
}

let fetched: Promise<ArrayBuffer> | undefined;

async function wholeLibrary(): Promise<ArrayBuffer> {
  fetched ??= Promise.all([stdlib, loopscope, rest].map(bytes)).then((parts) =>
    new Blob(parts).arrayBuffer(),
  );
  const all = fetched;
  // What failed is tried again by the next who asks.
  all.catch(() => {
    if (fetched === all) fetched = undefined;
  });
  return (await all).slice(0);
}

/** Fetch what may be wanted later, for it to be there then. */
export function fetchAhead(): void {
  if (memory) wholeLibrary().catch(() => {});
}

async function large(url: string, blobs: Promise<boolean>): Promise<Large> {
  const response = await ask(url);
  const blob = await response.blob();
  return (await blobs) ? blob : blob.arrayBuffer();
}

async function bytes(url: string): Promise<ArrayBuffer> {
  const response = await ask(url);
  return response.arrayBuffer();
}

async function ask(url: string): Promise<Response> {
  let response = await fetch(url);
  // What was missing once may be kept as missing, for as long as what is there: see the headers of such paths.
  if (!response.ok) response = await fetch(url, { cache: 'reload' });
  if (!response.ok) throw new Error(`${url} could not be loaded (${response.status} ${response.statusText})`);
  return response;
}
