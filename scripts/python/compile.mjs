// node compile.mjs IN OUT MOUNTED_AT: compile a zip of sources (or a folder of them) with Pyodide's own Python.
// A process of its own: Pyodide keeps Node alive, and its memory goes back when it ends.

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadPyodide } from 'pyodide';
import { readTree, root } from '../lib/paths.mjs';

const [input, output, mountedAt] = process.argv.slice(2);
if (!input || !output || !mountedAt) throw new Error('usage: compile.mjs IN OUT MOUNTED_AT');

// No columns in the tables of lines: carets under an error need the source, and these zips have none.
const python = await loadPyodide({ env: { PYTHONNODEBUGRANGES: '1' } });
const own = statSync(input).isDirectory();
if (own) {
  const top = basename(input);
  for (const [path, bytes] of readTree(input, (path) => /\.(py|typed|so)$/.test(path))) {
    const target = `/tmp/in/${top}/${path}`;
    python.FS.mkdirTree(target.slice(0, target.lastIndexOf('/')));
    python.FS.writeFile(target, bytes);
  }
  python.runPython("import shutil; shutil.make_archive('/tmp/in', 'zip', '/tmp/in')");
} else {
  python.FS.writeFile('/tmp/in.zip', readFileSync(input));
}
python.FS.writeFile('/tmp/compile_zip.py', readFileSync(join(root, 'scripts/python/compile_zip.py')));
python.globals.set('mounted_at', mountedAt);
// Our docstrings would lie in the memory that every visitor gets; a program's help() finds asyncio's own instead.
python.globals.set('optimize', own ? 2 : 0);
const modules = python.runPython(`
import sys
sys.path.insert(0, '/tmp')
from compile_zip import compile_zip
compile_zip('/tmp/in.zip', '/tmp/out.zip', mounted_at, optimize)
`);
writeFileSync(output, python.FS.readFile('/tmp/out.zip'));
console.log(`${basename(output)}: ${modules} modules compiled`);
process.exit(0);
