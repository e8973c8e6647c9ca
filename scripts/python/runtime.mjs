// What the page needs to run Python, made from node_modules/pyodide and py/loopscope:
//
//   runtime/<hash>/   pyodide.js, pyodide.asm.wasm, stdlib.zip
//   assets/loopscope-<hash>.zip
//   assets/micropip-<hash>.zip
//
// The names carry a hash of their contents, so all are cached for ever; they are apart because a release of
// Loopscope changes the second and rarely the first, and few programs need the third. Each large file has a Brotli twin beside it (.br).
// Compiling and compressing take half a minute: results are kept in build/cache until an input changes.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../lib/cache.mjs';
import { hash, readTree, root } from '../lib/paths.mjs';
import { classicPyodide } from './classic.mjs';
import { downloadWheels } from './wheels.mjs';

const pyodide = join(root, 'node_modules/pyodide');
const core = 'pyodide.asm.wasm';
const compiler = ['scripts/python/compile.mjs', 'scripts/python/compile_zip.py'];

/** Where Pyodide mounts the two zips: the first by its own habit, the second by ours. */
export const stdlibPath = '/lib/python314.zip';
export const loopscopePath = '/lib/loopscope.zip';
export const micropipPath = '/lib/micropip.zip';

/**
 * @typedef {object} Runtime
 * @property {string} core        path of Pyodide's core below the site
 * @property {string} python      path of Pyodide's script
 * @property {string} stdlib      path of the standard library's zip below the site
 * @property {string} loopscope   path of the package's zip below the site
 * @property {string} micropip    path of micropip's zip below the site
 * @property {Map<string, string>} files   every path below the site → the file that holds its bytes
 */

/** @returns {Runtime} */
export function buildRuntime() {
  const tools = compiler.map((path) => readFileSync(join(root, path)));
  const script = classicPyodide(pyodide);
  const kept = cached('runtime', [...tools, script, read(core), read('python_stdlib.zip')], (folder) => {
    writeFileSync(join(folder, core), read(core));
    writeFileSync(join(folder, 'pyodide.js'), script);
    compile(join(pyodide, 'python_stdlib.zip'), join(folder, 'stdlib.zip'), stdlibPath);
  });
  const sources = readTree(join(root, 'py/loopscope'), (path) => /\.(py|typed|so)$/.test(path));
  const own = cached('loopscope', [...tools, read('package.json'), ...sources.flat()], (folder) => {
    compile(join(root, 'py/loopscope'), join(folder, 'loopscope.zip'), loopscopePath);
  });

  const [wheel] = downloadWheels(join(root, 'scripts/python/micropip.txt'));
  if (!wheel) throw new Error('scripts/python/micropip.txt names no package.');
  const installer = cached('micropip', [...tools, readFileSync(wheel)], (folder) => {
    compile(wheel, join(folder, 'micropip.zip'), micropipPath);
  });

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
    python: `${folder}pyodide.js`,
    stdlib: `${folder}stdlib.zip`,
    loopscope,
    micropip,
    files,
  };
}

/** @param {string} name */
function read(name) {
  return readFileSync(join(pyodide, name));
}

/** @param {string} source @param {string} target @param {string} mountedAt */
function compile(source, target, mountedAt) {
  const script = join(root, 'scripts/python/compile.mjs');
  execFileSync(process.execPath, [script, source, target, mountedAt], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** @param {string} folder */
function contents(folder) {
  return hash(...readTree(folder, (path) => !path.endsWith('.br')).flat());
}
