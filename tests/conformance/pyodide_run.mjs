// node pyodide_run.mjs < JOBS: run Python jobs in Pyodide on Node, with the package `loopscope` as it stands in py/.
//
// JOBS is a JSON list of Python sources. Each runs in a namespace of its own in one interpreter and leaves its answer,
// anything JSON, in a variable `result`. Prints the list of answers as JSON.

import { readFileSync } from 'node:fs';
import { startPython } from './pyodide.mjs';

const python = await startPython();
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
