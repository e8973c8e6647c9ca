// The memory of a Python that has started and imported what a run needs: a visitor's browser puts it in place instead of
// starting one (web/src/runtime/snapshot.ts). Made in Chromium; where there is none the site does without.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BEST, cached } from '../lib/cache.mjs';
import { findChromium } from '../lib/chromium.mjs';
import { hash, root } from '../lib/paths.mjs';
import { node } from '../lib/run.mjs';

const maker = join(root, 'scripts/python/snapshot/make.mjs');
const tools = [
  maker,
  join(root, 'scripts/python/snapshot/worker.mjs'),
  join(root, 'scripts/python/exports.mjs'),
];

/**
 * @typedef {object} Snapshot
 * @property {string} path   its path below the site, content-hashed
 * @property {string} file   the file that holds its bytes
 */

/**
 * @param {import('./runtime.mjs').Runtime} runtime
 * @returns {Promise<Snapshot | undefined>}
 */
export async function buildSnapshot(runtime) {
  const pyodide = readFileSync(join(root, 'node_modules/pyodide/package.json'));
  const inputs = [pyodide, runtime.stdlib, runtime.loopscope, ...tools.map((path) => readFileSync(path))];
  const inRuntime = (/** @type {string} */ path) => /** @type {string} */ (runtime.files.get(path));
  try {
    const make = (/** @type {string} */ draft) => {
      const chromium = findChromium();
      if (!chromium) throw new Error('there is no Chromium');
      return node(maker, [
        chromium,
        inRuntime(runtime.stdlib),
        inRuntime(runtime.loopscope),
        join(draft, 'memory.bin'),
      ]);
    };
    // It changes with every change of the package: a release is worth half a minute.
    const folder = await cached('snapshot', inputs, make, process.env.LOOPSCOPE_RELEASE ? BEST : 8);
    const file = join(folder, 'memory.bin');
    return { path: `assets/memory-${hash(readFileSync(file))}.bin`, file };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0]?.replace(/\.$/, '') : error;
    console.warn(`The site is built without a snapshot of Python's memory, and starts more slowly: ${why}.`);
    return undefined;
  }
}
