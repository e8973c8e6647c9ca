// node pyodide_run.mjs < JOBS: run Python jobs in Pyodide on Node, with the package `loopscope` as it stands in py/.
//
// JOBS is a JSON list of Python sources. Each runs in a namespace of its own in one interpreter and leaves its answer,
// anything JSON, in a variable `result`. Prints the list of answers as JSON.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadPyodide } from 'pyodide';

const source = fileURLToPath(new URL('../../py/loopscope', import.meta.url));
const python = await loadPyodide({ env: { PYTHONHASHSEED: '0', HOME: '/home/pyodide' } });

function copy(from, to) {
  python.FS.mkdirTree(to);
  for (const name of readdirSync(from)) {
    const path = `${from}/${name}`;
    if (statSync(path).isDirectory()) copy(path, `${to}/${name}`);
    else if (name.endsWith('.py')) python.FS.writeFile(`${to}/${name}`, readFileSync(path));
  }
}
copy(source, '/lib/package/loopscope');

// Pyodide leaves its own loop marked as running for ever.
python.runPython(`
import asyncio, sys
sys.path.insert(0, '/lib/package')
asyncio._set_running_loop(None)
`);
const jobs = JSON.parse(readFileSync(0, 'utf8'));
python.globals.set('jobs', JSON.stringify(jobs));
const answers = python.runPython(`
import json
answers = []
for job in json.loads(jobs):
    names = {}
    exec(job, names)
    answers.append(names.get('result'))
json.dumps(answers)
`);
process.stdout.write(answers, () => process.exit(0));
