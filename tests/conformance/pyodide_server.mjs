// node pyodide_server.mjs: Pyodide on Node that answers jobs, one JSON value a line in and one out, until input ends.
//
// A job is a Python source. It runs in a namespace of its own, in one interpreter for all, and leaves its answer,
// anything JSON, in a variable `result`; a job that raises is answered {"error": traceback}.

import { createInterface } from 'node:readline';
import { startPython } from './pyodide.mjs';

const python = await startPython();
python.runPython(`
import json, traceback
def answer(job):
    names = {}
    try:
        exec(job, names)
        return json.dumps(names.get('result'))
    except BaseException:
        return json.dumps({'error': traceback.format_exc()})
`);
const answer = python.globals.get('answer');
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${answer(JSON.parse(line))}\n`);
}
process.exit(0);
