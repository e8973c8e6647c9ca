// What Emscripten does with each of the core's exports when it starts, thousands of them, done with less.

import { KIND, readExports, SECTION } from './core/module.mjs';
import { sections } from './core/wasm.mjs';

const BEGIN = 'function assignWasmExports(wasmExports){';
const CHANGED = "Pyodide's script has changed: look at exports.mjs again.";
const MANGLED = '_Z';
/** How Emscripten says it. Data's addresses are in globals. */
const STATEMENT = /^(_\w+)=Module\["\1"\]=wasmExports\["(\w+)"\](\.value>>>0)?$/;

/**
 * A third of the script makes properties of exports, each in a statement of its own, of names that the core has already. A
 * loop does it for those that the script itself has no other use for.
 * @param {string} script @param {Uint8Array} core
 * @returns {string} a script that does the same
 */
export function loopOverExports(script, core) {
  const begin = script.indexOf(BEGIN) + BEGIN.length;
  const end = script.indexOf('}', begin);
  const [declared, names = ''] = script.slice(0, begin).match(/var (\w+(?:,\w+){1000,});/) ?? [];
  if (begin < BEGIN.length || !declared) throw new Error(CHANGED);
  const statements = script.slice(begin, end).split(';');
  const used = new Set((script.slice(0, begin).replace(names, '') + script.slice(end)).match(/\w+/g));

  const exported = sections(core).find(({ id }) => id === SECTION.EXPORT);
  const kinds = new Map(
    readExports(exported?.bytes ?? new Uint8Array([0])).map(({ name, kind }) => [name, kind]),
  );
  /** Variables and names of what the loop does. */
  const looped = new Map();
  for (const statement of statements) {
    const [, variable = '', name = '', value] = STATEMENT.exec(statement) ?? [];
    const kind = value ? KIND.GLOBAL : KIND.FUNCTION;
    if (variable === `_${name}` && !used.has(variable) && kinds.get(name) === kind)
      looped.set(variable, name);
  }
  const left = statements.filter((statement) => !looped.has(STATEMENT.exec(statement)?.[1]));
  // The loop says nothing of C++'s mangled names, nor does Emscripten; what else is no property is told by name.
  const loops = (/** @type {string} */ name) => !name.startsWith(MANGLED);
  if (![...looped.values()].every(loops)) throw new Error(CHANGED);
  const said = new Set(statements.map((statement) => /wasmExports\["(\w+)"\]/.exec(statement)?.[1]));
  const except = [...kinds.keys()].filter((name) => loops(name) && !said.has(name));
  const loop = `for(var name of Object.keys(wasmExports)){
if(name.startsWith("${MANGLED}")||${JSON.stringify(except)}.includes(name))continue;
var entry=wasmExports[name];Module["_"+name]=typeof entry=="function"?entry:entry.value>>>0}`;
  const stay = names.split(',').filter((name) => !looped.has(name));
  return (
    script.slice(0, begin).replace(declared, `var ${stay.join()};`) +
    loop +
    left.join(';') +
    script.slice(end)
  );
}

const EAGER = 'updateGOT(origExports)';

/**
 * A compiled package finds the core's functions through a table of their addresses. Emscripten fills it at every start, for
 * all exports; it looks up what is missing there when a package is loaded, too. Left to that is what it would find the same.
 * @param {string} script
 */
export function bindLate(script) {
  if (script.split(EAGER).length !== 2) throw new Error(CHANGED);
  const first = '([name,entry])=>name in GOT||wasmImports[name]!==entry';
  return script.replace(EAGER, `updateGOT(Object.fromEntries(Object.entries(origExports).filter(${first})))`);
}
