/** Load Pyodide with our standard library and package. */
import type { PyodideInterface } from 'pyodide';
import type { Command } from './messages';

type Init = Extract<Command, { type: 'init' }>;

const PACKAGE = '/lib/loopscope.zip';

export async function loadPython(init: Init): Promise<PyodideInterface> {
  if (!init.jspi) hideJspi();
  if (init.module) useModule(init.module);
  const { loadPyodide } = (await import(
    /* @vite-ignore */ `${init.indexURL}pyodide.mjs`
  )) as typeof import('pyodide');
  const [pyodide, zip] = await Promise.all([
    loadPyodide({
      indexURL: init.indexURL,
      stdLibURL: init.stdlib,
      // Fixed: the order of sets must not change from run to run.
      env: { HOME: '/home/pyodide', PYTHONHASHSEED: '0' },
    }),
    fetchBytes(init.loopscope),
  ]);
  pyodide.FS.writeFile(PACKAGE, zip);
  pyodide.runPython(`import sys; sys.path.insert(0, ${JSON.stringify(PACKAGE)})`);
  return pyodide;
}

export async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} could not be loaded (${response.status} ${response.statusText})`);
  return new Uint8Array(await response.arrayBuffer());
}

function hideJspi(): void {
  Reflect.deleteProperty(WebAssembly, 'Suspending');
  Reflect.deleteProperty(WebAssembly, 'promising');
}

/** Pyodide has no option for a compiled module: give it one in place of what it would fetch and compile. */
function useModule(module: WebAssembly.Module): void {
  const realFetch = globalThis.fetch;
  globalThis.fetch = (input, options) =>
    String(input instanceof Request ? input.url : input).endsWith('pyodide.asm.wasm')
      ? Promise.resolve(new Response(''))
      : realFetch(input, options);
  WebAssembly.instantiateStreaming = async (source, imports) => {
    await source;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
}
