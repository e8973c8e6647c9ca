// Pyodide's two scripts as one classic script. The worker lives in a frame of no origin, where a worker can't be a module
// (nor import one): its script is put together from parts, and this is the first. Pyodide asks for a module worker by trying
// importScripts; here it need not. Every worker parses all of it, whatever it uses: it is made as short as can be.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { minifySync } from 'vite';

/**
 * What is put in the place of what, by file. What throws is not even tried: for where it was thrown, V8 reads all of the
 * script once more, twice. In parentheses, a function that is called at once is read once, not twice.
 */
const CLASSIC = [
  'try{return globalThis.importScripts("data:text/javascript,"),!0}catch{return!1}',
  'return!1',
];
const CHANGES = {
  'pyodide.js': [CLASSIC, ['try{Object.assign(exports,loadPyodide)}catch(_){}', '']],
  'pyodide.asm.mjs': [
    CLASSIC,
    ['async function _createPyodideModule(', 'const _createPyodideModule=(async function('],
    ['export default _createPyodideModule;', ');'],
  ],
};

/**
 * Leaves `pyodideParts`: see web/src/runtime/load.ts.
 * @param {string} pyodide the package's folder
 */
export function classicPyodide(pyodide) {
  const read = (/** @type {string} */ name) => readFileSync(join(pyodide, name), 'utf8');
  const changed = (/** @type {keyof typeof CHANGES} */ name) => {
    let script = read(name).replace(/\n\/\/# sourceMappingURL=.*/, '');
    for (const [from = '', to = ''] of CHANGES[name]) {
      if (script.split(from).length !== 2) throw new Error(`${name} has changed: look at classic.mjs again.`);
      script = script.replace(from, () => to);
    }
    return script;
  };
  const { info } = JSON.parse(read('pyodide-lock.json'));
  const script = `(() => {
Object.defineProperty(globalThis, 'importScripts', { value: undefined });
${changed('pyodide.js')}
${changed('pyodide.asm.mjs').replaceAll('import.meta.url', '"https://loopscope.invalid/"')}
globalThis.pyodideParts = {
  loadPyodide: globalThis.loadPyodide,
  createPyodideModule: _createPyodideModule,
  lock: ${JSON.stringify({ info, packages: {} })},
};
delete globalThis.loadPyodide;
})();
`;
  if (script.includes('import.meta')) throw new Error('Pyodide has changed: look at classic.mjs again.');
  const { code, errors } = minifySync('pyodide.js', script, { module: false, compress: true, mangle: true });
  if (errors.length) throw new Error(`Pyodide's scripts can't be made shorter: ${errors[0]?.message}`);
  return code;
}
