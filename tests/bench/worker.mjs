/**
 * The benchmarks' worker: the site's own rooms (web/src/runtime) and package, and a meter that stops the worker while
 * somebody outside reads the clocks. It runs one workload after the other in one interpreter.
 *
 *     init ──▶ ready        run ──▶ mark (begin) ─go─▶ mark (end) ─go─▶ told ──▶ done
 */
import { createHost } from '../../web/src/runtime/host';
import { loadPython } from '../../web/src/runtime/load';
import { SHARED_BYTES, WORD } from '../../web/src/runtime/messages';

let python;
let host;
let names;
let gate;
let began = 0;
let counted = 0;

const post = (message, transfer = []) => postMessage(message, { transfer });

/** Tells that the worker is about to stand still, and does until the gate opens. */
function mark(wall) {
  const seen = Atomics.load(gate, 0);
  post({ type: 'mark', wall, bytes: counted });
  Atomics.wait(gate, 0, seen);
}

const meter = {
  begin() {
    // Of both languages: WebLoop leaves much, and who runs after it would be charged for that.
    python.runPython('import gc; gc.collect()');
    globalThis.gc();
    counted = 0;
    mark(0);
    began = performance.now();
  },
  end: () => mark(performance.now() - began),
  tell: (json) => post({ type: 'told', result: JSON.parse(json) }),
};

const bytes = async (url) => (await fetch(url)).arrayBuffer();

async function init({ urls, open, driver }) {
  const shared = new SharedArrayBuffer(SHARED_BYTES);
  const words = new Int32Array(shared, 0, WORD.TEXT / 4);
  gate = new Int32Array(open);
  await import(/* @vite-ignore */ urls.python);
  const [stdlib, loopscope] = await Promise.all([urls.stdlib, urls.loopscope].map(bytes));
  const [module, rest] = await Promise.all(
    [urls.core, urls.rest].map((url) => WebAssembly.compileStreaming(fetch(url))),
  );
  python = await loadPython({ files: { stdlib, loopscope }, module, jspi: true }, undefined, () => rest);
  host = createHost(words, {
    batch(frame) {
      counted += frame.byteLength;
      post({ type: 'batch', frame }, [frame]);
    },
    ask() {},
  });
  python.pyimport('loopscope.browser').prepare();
  python.setInterruptBuffer(new Uint8Array(shared, WORD.INTERRUPT * 4, 4));
  python.registerJsModule('loopscope_meter', meter);
  names = python.globals.get('dict')();
  python.runPython(driver, { globals: names, filename: 'driver.py' });
  post({ type: 'ready', python: python.runPython('import sys; sys.version.split()[0]') });
}

async function run({ engine, source, clock, setup }) {
  if (setup) python.runPython(setup, { globals: names });
  const start = names.get(engine);
  // As the site's worker starts a program; WebLoop is awaited as Pyodide's users await it.
  await (engine === 'webloop' ? start(host, source, clock) : start.callPromising(host, source, clock));
  post({ type: 'done' });
}

onmessage = ({ data }) => {
  (data.type === 'init' ? init(data) : run(data)).catch((error) =>
    post({ type: 'broken', message: String(error?.stack ?? error) }),
  );
};
