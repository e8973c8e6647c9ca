// A Vite plugin: gives the page its Python and its recorded runs as two virtual modules (typed in
// web/src/vite-env.d.ts), emits the files behind them in a build and serves them in development.

import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pageHeaders } from './lib/headers.mjs';
import { root } from './lib/paths.mjs';
import { bundleWorker } from './lib/worker.mjs';
import { buildRecordings } from './python/recordings.mjs';
import { buildRuntime } from './python/runtime.mjs';
import { buildSnapshot } from './python/snapshot.mjs';

const types = /** @type {Record<string, string>} */ ({
  js: 'text/javascript',
  json: 'application/json',
  wasm: 'application/wasm',
  zip: 'application/zip',
});

/** What the files are made from: a change to one of them makes them again. */
const sources = ['py/loopscope', 'web/examples', 'web/src/runtime'].map((path) => join(root, path));

/**
 * @typedef {object} Made
 * @property {import('./python/runtime.mjs').Runtime} runtime
 * @property {import('./python/recordings.mjs').Recording[]} recordings
 * @property {import('./python/snapshot.mjs').Snapshot | undefined} snapshot
 * @property {{ path: string, code: string }} worker
 */

/** @type {Promise<Made> | undefined} */
let making;

function make() {
  making ??= (async () => {
    const runtime = await buildRuntime();
    const [recordings, snapshot, worker] = await Promise.all([
      buildRecordings(runtime),
      buildSnapshot(runtime),
      bundleWorker(),
    ]);
    return { runtime, recordings, snapshot, worker };
  })();
  return making;
}

/** Every path below the site → the file that holds its bytes, or the bytes. @param {Made} made */
function files({ runtime, recordings, snapshot, worker }) {
  /** @type {Map<string, string | Buffer>} */
  const all = new Map(runtime.files);
  for (const { path, file } of [...recordings, ...(snapshot ? [snapshot] : [])]) {
    all.set(path, file);
    // Recordings are small: the site's own build compresses them.
    if (existsSync(`${file}.br`)) all.set(`${path}.br`, `${file}.br`);
  }
  return all.set(worker.path, Buffer.from(worker.code));
}

/** @param {import('./python/runtime.mjs').Runtime} runtime @param {string} path */
function size(runtime, path) {
  return statSync(/** @type {string} */ (runtime.files.get(path))).size;
}

/** @type {Record<string, (made: Made, base: string) => string>} */
const modules = {
  'virtual:loopscope-runtime': ({ runtime, snapshot, worker }, base) => `
    export const worker = ${JSON.stringify(base + worker.path)};
    export const python = ${JSON.stringify(base + runtime.python)};
    export const core = ${JSON.stringify(base + runtime.core)};
    export const rest = ${JSON.stringify(base + runtime.rest)};
    export const stdlib = ${JSON.stringify(base + runtime.stdlib)};
    export const loopscope = ${JSON.stringify(base + runtime.loopscope)};
    export const library = ${JSON.stringify([runtime.stdlib, runtime.loopscope, runtime.rest].map((path) => size(runtime, path)))};
    export const memory = ${JSON.stringify(snapshot ? base + snapshot.path : '')};
    export const micropip = ${JSON.stringify(base + runtime.micropip)};`,
  'virtual:loopscope-recordings': ({ recordings }, base) => {
    const urls = Object.fromEntries(recordings.map(({ name, path }) => [name, base + path]));
    const first = recordings[0];
    const bytes = first ? readFileSync(first.file).toString('base64') : '';
    return `
    export const recordings = ${JSON.stringify(urls)};
    export const defaultExample = ${JSON.stringify(first?.name ?? '')};
    export const defaultRecording = Uint8Array.from(atob('${bytes}'), (c) => c.charCodeAt(0));`;
  },
};

/** @returns {import('vite').Plugin} */
export function loopscope() {
  let base = '/';
  return {
    name: 'loopscope',
    configResolved(config) {
      base = config.base;
    },
    resolveId(id) {
      return id in modules ? `\0${id}` : undefined;
    },
    async load(id) {
      const module = modules[id.slice(1)];
      return module?.(await make(), base);
    },
    async generateBundle() {
      for (const [path, file] of files(await make())) {
        const source = typeof file === 'string' ? readFileSync(file) : file;
        this.emitFile({ type: 'asset', fileName: path, source });
      }
    },
    async configureServer(server) {
      server.watcher.add(sources);
      server.watcher.on('change', (file) => {
        if (!sources.some((source) => file.startsWith(source))) return;
        making = undefined;
        server.restart();
      });
      const made = files(await make());
      // Vite's own client is an inline script and a socket; its caching is its own as well.
      const headers = Object.entries(pageHeaders()).filter(
        ([name]) => !/^(content-security-policy|cache-control)$/i.test(name),
      );
      server.middlewares.use((request, response, next) => {
        const path = (request.url ?? '').split('?')[0] ?? '';
        for (const [name, value] of headers) response.setHeader(name, value);
        const file = made.get(path.slice(base.length));
        if (!file) return next();
        response.setHeader('content-type', types[path.split('.').pop() ?? ''] ?? 'application/octet-stream');
        if (typeof file === 'string') createReadStream(file).pipe(response);
        else response.end(file);
      });
    },
  };
}

/**
 * CodeMirror's styles reach a document through a <style> element, which a strict Content Security Policy
 * forbids; in shadow roots style-mod uses adopted style sheets, which it allows. Let it do so everywhere.
 * @returns {import('vite').Plugin}
 */
export function adoptStyles() {
  const condition = '!root.head && root.adoptedStyleSheets';
  return {
    name: 'adopt-styles',
    transform(code, id) {
      if (!id.includes('/style-mod/')) return undefined;
      if (!code.includes(condition)) throw new Error('style-mod has changed: look at adoptStyles again.');
      return { code: code.replace(condition, 'root.adoptedStyleSheets'), map: null };
    },
  };
}
