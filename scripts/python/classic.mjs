// Pyodide's two scripts as one classic script. The worker lives in a frame of no origin, where a worker can't be a module
// (nor import one): its script is put together from parts, and this is the first. Pyodide asks for a module worker by trying
// importScripts; here it need not. Every worker parses all of it, whatever it uses: it is made as short as can be.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { minifySync } from 'vite';
import { bindLate, loopOverExports } from './exports.mjs';

/**
 * What is put in the place of what, by file. What throws is not even tried: for where it was thrown, V8 reads all of the
 * script once more, twice. In parentheses, a function that is called at once is read once, not twice.
 */
const CLASSIC = [
  'try{return globalThis.importScripts("data:text/javascript,"),!0}catch{return!1}',
  'return!1',
];
/**
 * JavaScript's functions that C knows by their address are put in the table as WebAssembly's. Emscripten makes a module for each
 * of them, some 260 times, after an exception that says it has to: this makes one module of them all before. What can't be
 * made so, Emscripten makes its own way.
 */
const IN_ONE = `var inOne = new Map();
var convertInOne = () => {
  var all = new Set();
  for (var [name, entry] of Object.entries(GOT)) {
    var { sym } = entry.value == -1 ? resolveGlobalSymbol(name, true) : {};
    if (typeof sym == 'function' && sym.sig && !getFunctionAddress(sym)) all.add(sym);
  }
  if (!all.size) return;
  var functions = [...all];
  var number = (n) => n < 128 ? [n] : [n % 128 | 128, n >> 7];
  var section = (id, items) => {
    var body = [...number(items.length), ...items.flat()];
    return [id, body.length % 128 | 128, body.length >> 7 & 127 | 128, body.length >> 14, ...body];
  };
  var sigs = [...new Set(functions.map((func) => func.sig))];
  var types = sigs.map((sig) =>
    [96, ...generateTypePack(sig.slice(1)), ...generateTypePack(sig[0] === 'v' ? '' : sig[0])]);
  var name = (k) => [2, 97 + k % 26, 97 + (k / 26 | 0)];
  var bytes = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0,
    ...section(1, types),
    ...section(2, functions.map((func, k) => [1, 101, ...name(k), 0, ...number(sigs.indexOf(func.sig))])),
    ...section(7, functions.map((func, k) => [...name(k), 0, ...number(k)])));
  var text = (k) => String.fromCharCode(...name(k).slice(1));
  try {
    var e = Object.fromEntries(functions.map((func, k) => [text(k), func]));
    var { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { e });
    inOne = new Map(functions.map((func, k) => [func, exports[text(k)]]));
  } catch {}
};
`;
const CHANGES = {
  'pyodide.js': [CLASSIC, ['try{Object.assign(exports,loadPyodide)}catch(_){}', '']],
  'pyodide.asm.mjs': [
    CLASSIC,
    ['async function _createPyodideModule(', 'const _createPyodideModule=(async function('],
    ['export default _createPyodideModule;', ');'],
    ['var addFunction=(func,sig)=>{', `${IN_ONE}var addFunction=(func,sig)=>{`],
    [
      'try{setWasmTableEntry(ret,func)}catch(err)',
      'try{setWasmTableEntry(ret,inOne.get(func)??func)}catch(err)',
    ],
    ['var reportUndefinedSymbols=()=>{', 'var reportUndefinedSymbols=()=>{convertInOne();'],
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
${loopOverExports(bindLate(changed('pyodide.asm.mjs')), readFileSync(join(pyodide, 'pyodide.asm.wasm'))).replaceAll('import.meta.url', '"https://loopscope.invalid/"')}
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
