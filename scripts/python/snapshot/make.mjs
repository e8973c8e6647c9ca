// node make.mjs CHROMIUM STDLIB LOOPSCOPE OUT: start Python in Chromium and write its memory (worker.mjs does).
//
// A browser, not Node: in Node Pyodide can't suspend, and a memory that says so would keep it from suspending elsewhere.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../lib/paths.mjs';
import { bindLate } from '../exports.mjs';
import { loopscopePath } from '../runtime.mjs';

const [chromium, stdlib, loopscope, output] = process.argv.slice(2);
if (!chromium || !stdlib || !loopscope || !output)
  throw new Error('usage: make.mjs CHROMIUM STDLIB LOOPSCOPE OUT');

const PATIENCE_MS = 120_000;
const types = /** @type {Record<string, string>} */ ({
  html: 'text/html',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
});

const job = {
  base: '/pyodide/',
  stdlib: '/stdlib.zip',
  mounted: { [loopscopePath]: '/loopscope.zip' },
  prepare: `import sys; sys.path.insert(0, ${JSON.stringify(loopscopePath)})
import loopscope.snapshot
loopscope.snapshot.freeze()`,
};

const page = `<!doctype html><script type="module">
const worker = new Worker('/worker.mjs', { type: 'module' });
const tell = (path, body) => fetch(path, { method: 'POST', body });
worker.onerror = (event) => tell('/failed', event.message || 'the worker could not be started');
worker.onmessage = async ({ data: { made, failed } }) => {
  if (failed) return tell('/failed', failed);
  tell('/made', made);
};
worker.postMessage(${JSON.stringify(job)});
</script>`;

/** @type {Record<string, () => Uint8Array | string>} */
const answers = {
  '/index.html': () => page,
  '/worker.mjs': () => readFileSync(join(root, 'scripts/python/snapshot/worker.mjs')),
  '/stdlib.zip': () => readFileSync(stdlib),
  '/loopscope.zip': () => readFileSync(loopscope),
};
const inPyodide = (/** @type {string} */ name) => readFileSync(join(root, 'node_modules/pyodide', name));
for (const name of ['pyodide.mjs', 'pyodide.asm.wasm']) answers[`/pyodide/${name}`] = () => inPyodide(name);
// Addresses of functions are part of the memory: they are given out here as they will be there.
answers['/pyodide/pyodide.asm.mjs'] = () => bindLate(inPyodide('pyodide.asm.mjs').toString());

/** @type {(value: void) => void} */
let finish = () => {};
/** @type {(error: Error) => void} */
let fail = () => {};
const finished = new Promise((resolve, reject) => {
  finish = resolve;
  fail = reject;
});

const server = createServer((request, response) => {
  const path = request.url ?? '';
  if (request.method === 'POST') {
    /** @type {Buffer[]} */
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      response.end();
      const body = Buffer.concat(parts);
      if (path === '/failed') fail(new Error(body.toString()));
      else {
        writeFileSync(output, body);
        finish();
      }
    });
    return;
  }
  const answer = answers[path]?.();
  if (answer === undefined) {
    response.statusCode = 404;
    response.end();
    return;
  }
  response.setHeader('content-type', types[path.split('.').pop() ?? ''] ?? 'application/octet-stream');
  response.end(answer);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const address = server.address();
const port = address && typeof address === 'object' ? address.port : 0;

const profile = mkdtempSync(join(tmpdir(), 'loopscope-snapshot-'));
const browser = spawn(
  chromium,
  [
    '--headless=new',
    '--no-first-run',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--user-data-dir=${profile}`,
    `http://127.0.0.1:${port}/index.html`,
  ],
  { stdio: 'ignore', detached: true },
);
browser.on('error', fail);
browser.on('exit', (code) => fail(new Error(`${chromium} ended with ${code}`)));
const timer = setTimeout(() => fail(new Error('it took too long')), PATIENCE_MS);

let code = 0;
try {
  await finished;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  code = 1;
}
clearTimeout(timer);
try {
  if (browser.pid) process.kill(-browser.pid, 'SIGKILL');
} catch {
  // It has ended by itself.
}
server.closeAllConnections();
server.close();
await new Promise((resolve) => setTimeout(resolve, 100));
rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
process.exit(code);
