/**
 * Python from bytes alone: where the worker is, there is no network.
 *
 *     with a snapshot:  core ──▶ its memory is put in place ──▶ thaw       the library comes when it is asked for
 *     without:          core ──▶ Python starts, from the library's byte code
 */
import type { Lockfile, PyodideInterface } from 'pyodide';
import type { Files } from './assets';
import { instantiateFirst } from './halves';
import type { FileSystem, Library } from './library';
import type { Command } from './messages';
import { type Api, type Module, named, restore } from './snapshot';

type Init = Pick<Extract<Command, { type: 'init' }>, 'restores' | 'module' | 'jspi'>;

/** What the script before the worker's own leaves: see scripts/python/classic.mjs. */
interface Parts {
  loadPyodide(options: object): Promise<PyodideInterface>;
  createPyodideModule(settings: { API: Api }): Promise<Module>;
  /** Names no packages: they come from the package index. */
  lock: Lockfile;
}

const PACKAGE = '/lib/loopscope.zip';
/** An address that is nowhere: Pyodide asks for its files below it, and gets them from here. */
const NOWHERE = 'https://loopscope.invalid/';
/** The build's snapshot was made in the same: scripts/python/snapshot/worker.mjs. */
const ENVIRONMENT = {
  HOME: '/home/pyodide',
  LANG: 'C.UTF-8',
  // Fixed: the order of sets must not change from run to run.
  PYTHONHASHSEED: '0',
};

/** `coming`: the files may follow while the core is instantiated. `rest`: the core's other half, see halves.ts. */
export async function loadPython(
  { restores, module, jspi }: Init,
  coming: Promise<Files>,
  library: Library,
  rest: () => WebAssembly.Module,
): Promise<PyodideInterface> {
  if (!jspi) hideJspi();
  const parts = takeParts();
  const memory = restores ? coming.then(memoryIn) : undefined;
  memory?.catch(() => {});
  const files = restores ? undefined : await coming;
  const given = files && 'stdlib' in files ? files : undefined;
  const giveBack = answerWith(given?.stdlib ?? new ArrayBuffer(0), module, rest);
  let api: Api | undefined;
  const pyodide = await parts.loadPyodide({
    indexURL: NOWHERE,
    stdLibURL: `${NOWHERE}stdlib.zip`,
    lockFileContents: parts.lock,
    env: { ...ENVIRONMENT },
    async createPyodideModule(settings: { API: Api }) {
      const made = await parts.createPyodideModule(settings);
      // Python takes hold of what it finds now.
      giveBack();
      api = settings.API;
      const whole = await memory;
      if (whole) api.restoreSnapshot = () => restore(whole, made, settings.API.config.BUILD_ID);
      return made;
    },
    // Its length is all that is looked at.
    ...(memory && {
      _loadSnapshot: new Uint8Array(1),
      _snapshotDeserializer: (name: unknown) => named(name, api as Api),
    }),
  });
  if (memory) {
    library.mount(pyodide.FS as unknown as FileSystem);
    pyodide.pyimport('loopscope.snapshot').thaw(navigator.language);
  } else if (given) {
    pyodide.FS.writeFile(PACKAGE, new Uint8Array(given.loopscope));
    pyodide.runPython(`import sys, os; sys.path.insert(0, ${JSON.stringify(PACKAGE)})`);
    pyodide.pyimport('loopscope.snapshot').set_language(navigator.language);
  }
  return pyodide;
}

async function memoryIn(files: Files): Promise<ArrayBuffer> {
  if (!('memory' in files)) throw new Error('there is no memory to restore');
  const { memory } = files;
  return memory instanceof ArrayBuffer ? memory : memory.arrayBuffer();
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
function answerWith(
  stdlib: ArrayBuffer,
  module: WebAssembly.Module,
  rest: () => WebAssembly.Module,
): () => void {
  const { fetch } = globalThis;
  const { instantiateStreaming } = WebAssembly;
  globalThis.fetch = async (input) => new Response(String(input).endsWith('.zip') ? stdlib : '');
  WebAssembly.instantiateStreaming = async (source, imports) => {
    await source;
    return { module, instance: await instantiateFirst(module, imports ?? {}, rest) };
  };
  return () => {
    globalThis.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  };
}
