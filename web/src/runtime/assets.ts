/** What an interpreter is made of, fetched by the page: the sandbox has no network. */
import { core, loopscope, micropip, python, stdlib, worker } from 'virtual:loopscope-runtime';

export interface Assets {
  /** Classic scripts, in this order: Pyodide, and the worker on top of it. */
  script: Promise<ArrayBuffer[]>;
  /** The files that every interpreter needs, see `Files`. */
  files: Promise<Files>;
  /** Pyodide's core, as it comes. */
  core: Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
}

/** What the worker gets as bytes. */
export interface Files {
  stdlib: ArrayBuffer;
  loopscope: ArrayBuffer;
}

/** Files that are fetched when a program needs them: name → address. */
const EXTRAS = { micropip };

export function fetchAssets(): Assets {
  const got = {
    core: ask(core).then((response) => response.body ?? new Blob([]).stream()),
    script: Promise.all([bytes(python), bytes(worker)]),
    files: Promise.all([bytes(stdlib), bytes(loopscope)]).then(([stdlib, loopscope]) => ({
      stdlib,
      loopscope,
    })),
  };
  // Who waits for one of them hears of its failure; nobody else has to.
  for (const part of Object.values(got)) part.catch(() => {});
  return got;
}

/** One of the files that only some programs need. */
export async function fetchExtra(name: string): Promise<ArrayBuffer> {
  const url = Object.entries(EXTRAS).find(([known]) => known === name)?.[1];
  if (!url) throw new Error(`there is no file ${name}`);
  return bytes(url);
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
