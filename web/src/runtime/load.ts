/** Load Pyodide with our standard library and package, from bytes alone: where the worker is, there is no network. */
import type { Lockfile, PyodideInterface } from 'pyodide';
import type { Command } from './messages';

type Init = Extract<Command, { type: 'init' }>;

/** What the script before the worker's own leaves: see scripts/python/classic.mjs. */
interface Parts {
  loadPyodide(options: object): Promise<PyodideInterface>;
  createPyodideModule(settings: object): Promise<object>;
  /** Names no packages: they come from the package index. */
  lock: Lockfile;
}

const PACKAGE = '/lib/loopscope.zip';
/** An address that is nowhere: Pyodide asks for its files below it, and gets them from here. */
const NOWHERE = 'https://loopscope.invalid/';

export async function loadPython({ files, module, jspi }: Init): Promise<PyodideInterface> {
  if (!jspi) hideJspi();
  const { loadPyodide, createPyodideModule, lock } = takeParts();
  const giveBack = answerWith(files.stdlib, module);
  const pyodide = await loadPyodide({
    indexURL: NOWHERE,
    stdLibURL: `${NOWHERE}stdlib.zip`,
    lockFileContents: lock,
    createPyodideModule,
    // Fixed: the order of sets must not change from run to run.
    env: { HOME: '/home/pyodide', PYTHONHASHSEED: '0' },
  });
  giveBack();
  pyodide.FS.writeFile(PACKAGE, new Uint8Array(files.loopscope));
  pyodide.runPython(`import sys; sys.path.insert(0, ${JSON.stringify(PACKAGE)})`);
  return pyodide;
}

function takeParts(): Parts {
  const holder = globalThis as { pyodideParts?: Parts };
  const parts = holder.pyodideParts as Parts;
  delete holder.pyodideParts;
  return parts;
}

function hideJspi(): void {
  Reflect.deleteProperty(WebAssembly, 'Suspending');
  Reflect.deleteProperty(WebAssembly, 'promising');
}

/** While Pyodide loads, its requests are answered from here, and its core is the compiled one. Undone by the result. */
function answerWith(stdlib: ArrayBuffer, module: WebAssembly.Module): () => void {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  globalThis.fetch = async (input) => new Response(String(input).endsWith('.zip') ? stdlib : '');
  WebAssembly.instantiateStreaming = async (source, imports) => {
    await source;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  return () => {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  };
}
