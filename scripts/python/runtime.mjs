// What the page needs to run Python, made from node_modules/pyodide and py/loopscope:
//
//   runtime/<hash>/   pyodide.js, pyodide.asm.wasm, rest.wasm, stdlib.zip
//   assets/loopscope-<hash>.zip
//   assets/micropip-<hash>.zip
//
// The names carry a hash of their contents, so all are cached for ever; they are apart because a release of
// Loopscope changes the second and rarely the first, and few programs need the third. Each large file has a Brotli twin beside it (.br).
// Compiling and compressing take a while: results are kept in build/cache until an input changes.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BEST, cached, QUICK } from '../lib/cache.mjs';
import { hash, readTree, root } from '../lib/paths.mjs';
import { node } from '../lib/run.mjs';
import { classicPyodide } from './classic.mjs';
import { readWanted } from './core/first.mjs';
import { laterData } from './core/later.mjs';
import { splitCore } from './core/split.mjs';
import { downloadWheels } from './wheels.mjs';

const pyodide = join(root, 'node_modules/pyodide');
const core = 'pyodide.asm.wasm';
const rest = 'rest.wasm';
const splitter = ['split.mjs', 'later.mjs', 'module.mjs', 'wasm.mjs', 'first.txt'].map((name) =>
  join('scripts/python/core', name),
);
const compiler = ['scripts/python/compile.mjs', 'scripts/python/compile_zip.py'];

/** Where Pyodide mounts the two zips: the first by its own habit, the second by ours. */
export const stdlibPath = '/lib/python314.zip';
export const loopscopePath = '/lib/loopscope.zip';
export const micropipPath = '/lib/micropip.zip';

/**
 * @typedef {object} Runtime
 * @property {string} core        path of Pyodide's core below the site
 * @property {string} rest        path of the rest of it
 * @property {string} python      path of Pyodide's script
 * @property {string} stdlib      path of the standard library's zip below the site
 * @property {string} loopscope   path of the package's zip below the site
 * @property {string} micropip    path of micropip's zip below the site
 * @property {Map<string, string>} files   every path below the site → the file that holds its bytes
 */

/** @returns {Promise<Runtime>} */
export async function buildRuntime() {
  const tools = compiler.map((path) => readFileSync(join(root, path)));
  const splitters = splitter.map((path) => readFileSync(join(root, path)));
  const script = classicPyodide(pyodide);
  const sources = readTree(join(root, 'py/loopscope'), (path) => /\.(py|typed|so)$/.test(path));
  const [kept, own, installer] = await Promise.all([
    cached(
      'runtime',
      [...tools, ...splitters, script, read(core), read('python_stdlib.zip')],
      (folder) => {
        const wanted = readWanted(read(core));
        const halves = splitCore(read(core), wanted, laterData(read(core), wanted));
        writeFileSync(join(folder, core), halves.first);
        writeFileSync(join(folder, rest), halves.rest);
        writeFileSync(join(folder, 'pyodide.js'), script);
        return compile(join(pyodide, 'python_stdlib.zip'), join(folder, 'stdlib.zip'), stdlibPath);
      },
      process.env.LOOPSCOPE_RELEASE ? BEST : QUICK,
    ),
    cached('loopscope', [...tools, read('package.json'), ...sources.flat()], (folder) =>
      compile(join(root, 'py/loopscope'), join(folder, 'loopscope.zip'), loopscopePath),
    ),
    buildMicropip(tools),
  ]);

  const folder = `runtime/${contents(kept)}/`;
  const loopscope = `assets/loopscope-${contents(own)}.zip`;
  const files = new Map(readdirSync(kept).map((name) => [folder + name, join(kept, name)]));
  const micropip = `assets/micropip-${contents(installer)}.zip`;
  for (const [path, made] of /** @type {const} */ ([
    [loopscope, own],
    [micropip, installer],
  ])) {
    for (const name of readdirSync(made)) files.set(path + name.replace(/^\w+\.zip/, ''), join(made, name));
  }
  return {
    core: folder + core,
    rest: folder + rest,
    python: `${folder}pyodide.js`,
    stdlib: `${folder}stdlib.zip`,
    loopscope,
    micropip,
    files,
  };
}

/** @param {Buffer[]} tools */
async function buildMicropip(tools) {
  const [wheel] = await downloadWheels(join(root, 'scripts/python/micropip.txt'));
  if (!wheel) throw new Error('scripts/python/micropip.txt names no package.');
  return cached('micropip', [...tools, readFileSync(wheel)], (folder) =>
    compile(wheel, join(folder, 'micropip.zip'), micropipPath),
  );
}

/** @param {string} name */
function read(name) {
  return readFileSync(join(pyodide, name));
}

/** @param {string} source @param {string} target @param {string} mountedAt */
function compile(source, target, mountedAt) {
  return node(join(root, 'scripts/python/compile.mjs'), [source, target, mountedAt]);
}

/** @param {string} folder */
function contents(folder) {
  return hash(...readTree(folder, (path) => !path.endsWith('.br')).flat());
}
