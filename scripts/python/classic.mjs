// Pyodide's two scripts as one classic script. The worker lives in a frame of no origin, where a worker can't be a module
// (nor import one): its script is put together from parts, and this is the first. Pyodide asks for a module worker by trying
// importScripts; it finds none. Every worker parses all of it, whatever it uses: it is made as short as can be.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { minifySync } from 'vite';

const EXPORT = 'export default _createPyodideModule;';

/**
 * Leaves `pyodideParts`: see web/src/runtime/load.ts.
 * @param {string} pyodide the package's folder
 */
export function classicPyodide(pyodide) {
  const read = (/** @type {string} */ name) => readFileSync(join(pyodide, name), 'utf8');
  const core = read('pyodide.asm.mjs');
  if (core.split(EXPORT).length !== 2)
    throw new Error('pyodide.asm.mjs has changed: look at classic.mjs again.');
  const { info } = JSON.parse(read('pyodide-lock.json'));
  const script = `(() => {
Object.defineProperty(globalThis, 'importScripts', { value: undefined });
${withoutMap(read('pyodide.js'))}
${withoutMap(core).replace(EXPORT, '').replaceAll('import.meta.url', '"https://loopscope.invalid/"')}
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

/** @param {string} script */
function withoutMap(script) {
  return script.replace(/\n\/\/# sourceMappingURL=.*/, '');
}
