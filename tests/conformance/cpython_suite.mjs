// node cpython_suite.mjs [--untraced] [--virtual] [MODULE…]: CPython's own asyncio tests in Pyodide on Node, as a user's
// program on Loopscope's loop. Prints the outcome of each test as JSON, by its id.
//
// LOOPSCOPE_CPYTHON_TESTS   CPython 3.14's Lib/test

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startPython } from './pyodide.mjs';

const tests = process.env.LOOPSCOPE_CPYTHON_TESTS;
if (!tests) throw new Error("Set LOOPSCOPE_CPYTHON_TESTS to CPython's Lib/test.");
const names = process.argv.slice(2);
const flag = (/** @type {string} */ name) => names.includes(name) && names.splice(names.indexOf(name), 1).length > 0;
const traced = !flag('--untraced');
const clock = flag('--virtual') ? 'virtual' : 'real';
const pattern = names[0]?.startsWith('-k') ? names.shift()?.slice(2) : '';

const python = await startPython();
/** @param {string} from @param {string} to */
function copy(from, to) {
  python.FS.mkdirTree(to);
  for (const name of readdirSync(from)) {
    if (name === '__pycache__') continue;
    if (statSync(`${from}/${name}`).isDirectory()) copy(`${from}/${name}`, `${to}/${name}`);
    else python.FS.writeFile(`${to}/${name}`, readFileSync(`${from}/${name}`));
  }
}
for (const folder of ['support', 'test_asyncio', 'certdata']) copy(`${tests}/${folder}`, `/lib/package/test/${folder}`);
python.FS.writeFile('/lib/package/test/__init__.py', '');
python.FS.writeFile('/lib/package/suite.py', readFileSync(fileURLToPath(new URL('suite.py', import.meta.url))));
python.globals.set('tell', (/** @type {string} */ name) => process.env.VERBOSE && console.error(name));
python.globals.set('arguments', JSON.stringify([traced, clock, pattern, names]));
const answer = python.runPython(`
import json, sys
from contextlib import ExitStack
from loopscope.clock import RealClock, VirtualClock
from loopscope.loop import installed, loop_class
from loopscope.session import Session, ThreadHost
from loopscope.virtual import virtual_time
import suite
from test import support

support.has_socket_support = True  # asked for the whole package; the tests that do without are many
traced, clock, pattern, names = json.loads(arguments)
session = Session(lambda frame: None, clock=clock)
outcomes = {}
with ExitStack() as stack:
    stack.enter_context(installed(loop_class(session.clock, session.host, session.tracer if traced else None)))
    for name in names or suite.MODULES:
        outcomes.update(suite.run(name, pattern, tell))
outcomes['tracer'] = session.tracer.problem or 'ok'
json.dumps(outcomes)
`);
process.stdout.write(answer, () => process.exit(0));
