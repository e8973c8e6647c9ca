// A Vite plugin: gives the page its Python and its recorded runs as two virtual modules (typed in
// web/src/vite-env.d.ts), emits the files behind them in a build and serves them in development.

import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageHeaders } from './lib/headers.mjs';
import { root } from './lib/paths.mjs';
import { buildRecordings } from './python/recordings.mjs';
import { buildRuntime } from './python/runtime.mjs';

const types = /** @type {Record<string, string>} */ ({
  mjs: 'text/javascript',
  json: 'application/json',
  wasm: 'application/wasm',
  zip: 'application/zip',
});

/** What the files are made from: a change to one of them makes them again. */
const sources = [join(root, 'py/loopscope'), join(root, 'web/examples')];

/** @typedef {{ runtime: import('./python/runtime.mjs').Runtime, recordings: import('./python/recordings.mjs').Recording[] }} Made */

/** @type {Made | undefined} */
let made;

function make() {
  if (!made) {
    const runtime = buildRuntime();
    made = { runtime, recordings: buildRecordings(runtime) };
  }
  return made;
}

/** @type {Record<string, (made: Made, base: string) => string>} */
const modules = {
  'virtual:loopscope-runtime': ({ runtime }, base) => `
    export const indexURL = ${JSON.stringify(base + runtime.folder)};
    export const stdlib = ${JSON.stringify(base + runtime.stdlib)};
    export const loopscope = ${JSON.stringify(base + runtime.loopscope)};
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

/**
 * The page's plugin. A worker's bundle needs the modules too, but not the files again: `emit: false`.
 * @param {{ emit?: boolean }} [options]
 * @returns {import('vite').Plugin}
 */
export function loopscope({ emit = true } = {}) {
  let base = '/';
  return {
    name: 'loopscope',
    configResolved(config) {
      base = config.base;
    },
    resolveId(id) {
      return id in modules ? `\0${id}` : undefined;
    },
    load(id) {
      return modules[id.slice(1)]?.(make(), base);
    },
    generateBundle() {
      if (!emit) return;
      const { runtime, recordings } = make();
      const files = [
        ...runtime.files,
        ...recordings.map(({ path, file }) => /** @type {const} */ ([path, file])),
      ];
      for (const [path, file] of files) {
        this.emitFile({ type: 'asset', fileName: path, source: readFileSync(file) });
      }
    },
    configureServer(server) {
      server.watcher.add(sources);
      server.watcher.on('change', (file) => {
        if (!file.endsWith('.py')) return;
        made = undefined;
        server.restart();
      });
      const { runtime, recordings } = make();
      const files = new Map([
        ...runtime.files,
        ...recordings.map(({ path, file }) => /** @type {const} */ ([path, file])),
      ]);
      // Vite's own client is an inline script and a socket; its caching is its own as well.
      const headers = Object.entries(pageHeaders()).filter(
        ([name]) => !/^(content-security-policy|cache-control)$/i.test(name),
      );
      server.middlewares.use((request, response, next) => {
        const path = (request.url ?? '').split('?')[0] ?? '';
        for (const [name, value] of headers) response.setHeader(name, value);
        const file = files.get(path.slice(base.length));
        if (!file) return next();
        response.setHeader('content-type', types[path.split('.').pop() ?? ''] ?? 'application/octet-stream');
        createReadStream(file).pipe(response);
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
