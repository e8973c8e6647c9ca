// A process that runs programs in Pyodide on Node, under the virtual clock and with the real tracer, and writes the batches
// they recorded. Each gets a fresh interpreter, as in the page; the process stays, for it starts slowly. It is forked, hears
// what is wanted, and answers what went wrong, or ''.

import { readFileSync, writeFileSync } from 'node:fs';
import { loadPyodide } from 'pyodide';
import { loopscopePath } from './runtime.mjs';

/**
 * @typedef {object} Wanted   files:
 * @property {string} stdlib
 * @property {string} loopscope
 * @property {string} output   to be written
 * @property {string} name     of the program, for people
 * @property {string} program  its text
 */

/** @param {Wanted} wanted */
async function record({ stdlib, loopscope, program, output }) {
  const python = await loadPyodide({ stdLibURL: stdlib, env: { PYTHONHASHSEED: '0' } });
  python.FS.writeFile(loopscopePath, readFileSync(loopscope));
  python.globals.set('loopscope_path', loopscopePath);
  python.globals.set('source', program);
  const recorded = python.runPython(`
import asyncio, sys
sys.path.insert(0, loopscope_path)
# Pyodide leaves its own loop marked as running for ever.
asyncio._set_running_loop(None)
from loopscope.record import record
record(source)[0]
`);
  writeFileSync(output, recorded.getBuffer('u8').data);
}

process.on('message', async (/** @type {Wanted} */ wanted) => {
  const said = await record(wanted).then(() => '', String);
  const answer =
    said && `Recording ${wanted.name} failed. Without it the page has no first run to show.\n${said}`;
  // Whoever asked may have gone.
  process.send?.(answer, undefined, undefined, () => {});
});
// Pyodide would keep it alive.
process.on('disconnect', () => process.exit(0));
