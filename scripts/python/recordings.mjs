// The recorded first run of every example and lesson: what the page shows before Python has loaded. Made from the
// real tracer under the virtual clock, so a recording is what the page itself would record, byte for byte.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cached } from '../lib/cache.mjs';
import { hash, root } from '../lib/paths.mjs';
import { beside, Problem } from '../lib/run.mjs';

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
 * @returns {Promise<Recording[]>}
 */
export function buildRecordings(runtime) {
  return Promise.all(exampleFiles().map((file) => record(runtime, basename(file, '.py'), file)));
}

/**
 * An example as it is opened: without what it says to the menu. web/src/views/examples.ts does the same.
 * @param {string} text
 */
export function programOf(text) {
  return text.replace(/^# Title: /, '# ').replace(/^# Finding: .*\n/m, '');
}

/**
 * Record one program.
 * @param {import('./runtime.mjs').Runtime} runtime
 * @param {string} name
 * @param {string} file
 * @returns {Promise<Recording>}
 */
export async function record(runtime, name, file) {
  const program = programOf(readFileSync(file, 'utf8'));
  const inputs = [runtime.stdlib, runtime.loopscope, name, program, readFileSync(recorder)];
  const [stdlib = '', loopscope = ''] = [runtime.stdlib, runtime.loopscope].map(
    (path) => /** @type {string} */ (runtime.files.get(path)),
  );
  const folder = await cached('recording', inputs, (output) =>
    beside(() => ask({ stdlib, loopscope, name: file, program, output: join(output, 'run.bin') })),
  );
  const recorded = join(folder, 'run.bin');
  return { name, path: `assets/recording-${name}-${hash(readFileSync(recorded))}.bin`, file: recorded };
}

/** Recorders that have nothing to do. @type {import('node:child_process').ChildProcess[]} */
const idle = [];

/** @param {import('./record.mjs').Wanted} wanted */
async function ask(wanted) {
  const child = idle.pop() ?? fork(recorder, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  // It ends with us, and holds us back only while we wait for it.
  child.ref();
  child.channel?.ref();
  child.send(wanted);
  const heard = new AbortController();
  const { signal } = heard;
  const problem = await Promise.race([
    once(child, 'message', { signal }).then(([said]) => String(said)),
    once(child, 'exit', { signal }).then(() => `Recording ${wanted.name} failed: its Python ended.`),
  ]);
  heard.abort();
  if (problem) throw new Problem(problem);
  child.unref();
  child.channel?.unref();
  idle.push(child);
}

function exampleFiles() {
  const names = readdirSync(examples).filter((name) => name.endsWith('.py'));
  names.sort((a, b) => Number(b === 'default.py') - Number(a === 'default.py') || (a < b ? -1 : 1));
  return names.map((name) => join(examples, name));
}
