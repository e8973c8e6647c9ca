// node record.mjs STDLIB LOOPSCOPE PROGRAM OUT: run one program in Pyodide on Node, under the virtual clock and
// with the real tracer, and write the batches it recorded. One fresh interpreter per program, as in the page.

import { readFileSync, writeFileSync } from 'node:fs';
import { loadPyodide } from 'pyodide';
import { loopscopePath } from './runtime.mjs';

const [stdlib, loopscope, program, output] = process.argv.slice(2);
if (!stdlib || !loopscope || !program || !output)
  throw new Error('usage: record.mjs STDLIB LOOPSCOPE PROGRAM OUT');

const python = await loadPyodide({ stdLibURL: stdlib, env: { PYTHONHASHSEED: '0' } });
python.FS.writeFile(loopscopePath, readFileSync(loopscope));
python.globals.set('loopscope_path', loopscopePath);
python.globals.set('source', readFileSync(program, 'utf8'));
try {
  const recorded = python.runPython(`
import asyncio, sys
sys.path.insert(0, loopscope_path)
# Pyodide leaves its own loop marked as running for ever.
asyncio._set_running_loop(None)
from loopscope.record import record_json
record_json(source, 'main.py')
`);
  const view = recorded.getBuffer('u8');
  writeFileSync(output, view.data);
  process.exit(0);
} catch (error) {
  console.error(`Recording ${program} failed. Without it the page has no first run to show.\n${error}`);
  process.exit(1);
}
