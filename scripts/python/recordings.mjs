// The recorded first run of every example and lesson: what the page shows before Python has loaded. Made from the
// real tracer under the virtual clock, so a recording is what the page itself would record, byte for byte.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cached } from '../lib/cache.mjs';
import { hash, root } from '../lib/paths.mjs';

const examples = join(root, 'web/examples');
const recorder = join(root, 'scripts/python/record.mjs');

/**
 * @typedef {object} Recording
 * @property {string} name   the example's file name without .py, or the lesson's
 * @property {string} path   its path below the site, content-hashed
 * @property {string} file   the file that holds its bytes
 */

/**
 * Record every example. The first is the default program: `default.py`, or else the first by name.
 * @param {import('./runtime.mjs').Runtime} runtime
 * @returns {Recording[]}
 */
export function buildRecordings(runtime) {
  return exampleFiles().map((file) => record(runtime, basename(file, '.py'), file));
}

/**
 * Record one program.
 * @param {import('./runtime.mjs').Runtime} runtime
 * @param {string} name
 * @param {string} file
 * @returns {Recording}
 */
export function record(runtime, name, file) {
  const inputs = [runtime.stdlib, runtime.loopscope, name, readFileSync(file), readFileSync(recorder)];
  const folder = cached('recording', inputs, (draft) => {
    execFileSync(
      process.execPath,
      [
        recorder,
        /** @type {string} */ (runtime.files.get(runtime.stdlib)),
        /** @type {string} */ (runtime.files.get(runtime.loopscope)),
        file,
        join(draft, 'run.bin'),
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
  });
  const recorded = join(folder, 'run.bin');
  return { name, path: `assets/recording-${name}-${hash(readFileSync(recorded))}.bin`, file: recorded };
}

function exampleFiles() {
  const names = readdirSync(examples).filter((name) => name.endsWith('.py'));
  names.sort((a, b) => Number(b === 'default.py') - Number(a === 'default.py') || (a < b ? -1 : 1));
  return names.map((name) => join(examples, name));
}
