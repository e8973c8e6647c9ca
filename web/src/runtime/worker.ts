/** The worker: loads Python, runs one program, and is thrown away. */
import type { PyodideInterface } from 'pyodide';
import type { PyCallable, PyProxy } from 'pyodide/ffi';
import type { Files } from './assets';
import { seedChance } from './chance';
import { createHost, type Host } from './host';
import { createLibrary, type Library } from './library';
import { loadPython } from './load';
import { type Command, type Report, SIGINT, WORD } from './messages';
import { createNetwork, type Network } from './network';
import { createPackages, type Packages } from './packages';
import { BROKEN } from './sandbox/messages';
import { boundMemory, narrowScope } from './scope';
import { createWishes } from './wishes';

let host: Host;
let words: Int32Array;
let interrupt: Uint8Array;
let pyodide: PyodideInterface;
let browser: PyProxy & {
  prepare(): string;
  analyse(code: string): void;
  run: PyCallable;
  refuse(host: Host, problem: string): string;
  stopped(host: Host): string;
};
let packages: Packages;
let library: Library;
/** The rest of the core, where it has come. */
let rest: WebAssembly.Module | undefined;
const files = Promise.withResolvers<Files>();
let network: Network;
let jspi = false;
let alone = false;
let restored = false;

const report = (message: Report, transfer: Transferable[] = []): void => postMessage(message, { transfer });
const wishes = createWishes(report);

async function init(command: Extract<Command, { type: 'init' }>): Promise<void> {
  // Not shared, the words still serve the worker's own waiting; Atomics.wait wants shared memory, and this is some.
  const own = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer;
  const shared: ArrayBufferLike = command.shared ?? own;
  alone = !command.shared;
  words = new Int32Array(shared, 0, WORD.TEXT / 4);
  Atomics.store(words, WORD.LINE, -1);
  interrupt = new Uint8Array(shared, WORD.INTERRUPT * 4, 4);
  library = createLibrary(
    command.library,
    command.shared,
    () => report({ type: 'want', name: 'library' }),
    () => wishes.get('library'),
  );
  rest = command.rest;
  pyodide = await loadPython(command, files.promise, library, () => rest ?? library.rest());
  restored = command.restores;
  jspi = 'Suspending' in WebAssembly;
  host = createHost(words, {
    batch: (frame) => report({ type: 'batch', frame }, [frame]),
    ask: () => report({ type: 'ask' }),
    leave(exit) {
      report({ type: 'done', exit });
      report({ type: 'analysed' });
    },
  });
  browser = pyodide.pyimport('loopscope.browser');
  const python = browser.prepare();
  packages = createPackages(pyodide, () => wishes.get('micropip'), report);
  network = createNetwork((message) => report(message));
  pyodide.setInterruptBuffer(interrupt);
  report({ type: 'ready', python, jspi, restored });
}

async function run(command: Extract<Command, { type: 'run' }>): Promise<void> {
  let exit: string;
  try {
    exit = await runToItsEnd(command);
  } catch (error) {
    // Somebody pressed Stop while Python looked for what the program imports, or a moment later.
    if (!(error instanceof Error && /KeyboardInterrupt\s*$/.test(error.message))) throw error;
    exit = browser.stopped(host);
  }
  report({ type: 'done', exit });
  browser.analyse(command.code);
  report({ type: 'analysed' });
}

async function runToItsEnd(command: Extract<Command, { type: 'run' }>): Promise<string> {
  const { code, clock, seed, pace, variables, requirements } = command;
  if (restored) await library.settled();
  const installed = await packages.install(code, requirements);
  if (installed?.problem) return browser.refuse(host, JSON.stringify(installed.problem));
  if (installed) report({ type: 'installed', ...installed });
  if (clock === 'virtual') seedChance(seed);
  const options = [host, code, clock, seed, pace, variables] as const;
  return await (jspi ? browser.run.callPromising(...options) : browser.run(...options));
}

narrowScope();
boundMemory();

const broken = (error: unknown): void => {
  const message = error instanceof Error ? error.message : String(error);
  // A traceback's end tells the most.
  report({ type: 'broken', message: message.slice(-BROKEN) });
};

addEventListener('message', ({ data }: MessageEvent<Command>) => {
  if (data.type === 'init') init(data).catch(broken);
  else if (data.type === 'files') files.resolve(data.files);
  else if (data.type === 'run') run(data).catch(broken);
  else if (data.type === 'fetched') packages.fetched(data);
  else if (data.type === 'file') wishes.file(data);
  else if (data.type === 'rest') rest = data.rest;
  else if (data.type === 'answered') network.answered(data);
  else {
    if (data.type === 'line') host.typed(data.text);
    // Without shared memory the page can't write the word itself.
    else if (alone) interrupt[0] = SIGINT;
    host?.wake();
  }
});
