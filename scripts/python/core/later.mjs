// Which data of Pyodide's core come with the rest: large tables that only functions read that come with it too. Nobody
// waits for data as a call waits for a function, so what is here must be read by no other, whatever a program does.
//
// Tables. A linker lays the files out one after another, functions and data in the same order, and a file's static tables are read by
// the file's functions alone. Where none of a file's functions comes first, neither need its tables. Their addresses are
// those of this one core.
//
// Frozen modules. Their code is unmarshalled, or given out as a memoryview, and by nobody else read: but for the first byte.

import { hash } from '../../lib/paths.mjs';
import {
  KIND,
  readExports,
  readGlobals,
  readImports,
  readSegments,
  readVector,
  references,
  SECTION,
} from './module.mjs';
import { sections } from './wasm.mjs';

/** @typedef {import('./split.mjs').Range} Range */

const CORE = '5ea53eed7d2973c8';
/** What the tables are, where they lie, and the first functions of the files that they are in and of the next file. */
const TABLES = [
  {
    what: 'of East Asian encodings and of unicodedata, and the end of _elementtree',
    from: 0xc36a0,
    to: 0x1fb300,
    files: ['PyInit__elementtree', 'PyInit_fcntl'],
  },
  { what: "of musl's iconv", from: 0x2b1400, to: 0x2cf7d0, files: ['iconv_open', 'iconv'] },
];
const FROZEN = ['_PyImport_FrozenBootstrap', '_PyImport_FrozenStdlib', '_PyImport_FrozenTest'];
/** Numbers of functions that come first, in what reads as addresses of those tables: round ones, limits, constants of hashes. */
const NUMBERS = new Set([
  0xe2080, // of decoding UTF-8
  1_000_000,
  1_000_003, // of hashing
  0xffc00,
  0xfffff,
  0x100000,
  0x10ffff, // the last character
  0x110000,
  0x120000,
  1_664_525, // of seeding random
  0x281520, // a set of bits
]);
/** Who reads frozen code. */
const READERS = ['PyMarshal_ReadObjectFromString', 'PyMemoryView_FromMemory'];
/** Of an entry in the table of frozen modules: the name's address, the code's, its size, and whether it is a package. */
const ENTRY = 16;
/** What stays of a frozen module's code: that it is not empty is told by its first byte. */
const HEAD = 16;

/**
 * In order, and apart from each other; nothing where the core is one whose tables nobody has looked at. Throws where a
 * function that comes first, or a compiled package, could read them.
 * @param {Uint8Array} core @param {ReadonlySet<number>} wanted  functions that come first
 * @returns {Range[]}
 */
export function laterData(core, wanted) {
  if (hash(core) !== CORE) return [];
  const { functions, data, bodies, word } = readCore(core);
  for (const { what, files } of TABLES) {
    const [first = 0, next = 0] = files.map(functions);
    for (let k = first; k < next; k++)
      if (wanted.has(k)) throw new Error(`Function ${k} comes first, the tables ${what} may not come later.`);
  }
  for (const name of READERS)
    if (wanted.has(functions(name)))
      throw new Error(`${name} comes first, the code of frozen modules may not come later.`);

  const found = [...TABLES.map(({ from, to }) => ({ from, to })), ...frozenCode(data, word)];
  const later = (/** @type {number} */ at) => found.some(({ from, to }) => at >= from && at < to);
  for (const [index, body] of bodies) {
    const read = wanted.has(index) && references(body).numbers.find((one) => later(one) && !NUMBERS.has(one));
    if (read) throw new Error(`Function ${index} comes first and may read ${read}, which comes later.`);
  }
  for (const [name, at] of data)
    if (later(at)) throw new Error(`${name} is for everybody to read, and would come later.`);
  return found.sort((a, b) => a.from - b.from);
}

/** @param {ReadonlyMap<string, number>} data @param {(at: number) => number} word @returns {Range[]} */
function frozenCode(data, word) {
  /** @type {Map<number, number>} */
  const found = new Map();
  for (const name of FROZEN) {
    for (let entry = word(data.get(name) ?? 0); word(entry); entry += ENTRY)
      found.set(word(entry + 4), word(entry + 8));
  }
  return [...found]
    .map(([from, size]) => ({ from: from + HEAD, to: from + size }))
    .filter(({ from, to }) => to > from);
}

/** Its functions by name, its data by name, its bodies by index, and the words that its memory begins with. @param {Uint8Array} core */
function readCore(core) {
  const all = new Map(sections(core).map(({ id, bytes }) => [id, bytes]));
  const of = (/** @type {number} */ id) => all.get(id) ?? new Uint8Array([0]);
  const imports = readImports(of(SECTION.IMPORT));
  const imported = (/** @type {number} */ wanted) => imports.filter(({ kind }) => kind === wanted).length;
  const exported = readExports(of(SECTION.EXPORT));
  const globals = readGlobals(of(SECTION.GLOBAL));
  const functions = new Map(
    exported.filter(({ kind }) => kind === KIND.FUNCTION).map(({ name, index }) => [name, index]),
  );
  /** @type {Map<string, number>} */
  const data = new Map();
  for (const { name, kind, index } of exported) {
    const at = kind === KIND.GLOBAL && globals[index - imported(KIND.GLOBAL)]?.value;
    if (at) data.set(name, at);
  }
  const segments = readSegments(of(SECTION.DATA));
  const memory = new Uint8Array(Math.max(...segments.map(({ at, bytes }) => at + bytes.length)) + 4);
  for (const { at, bytes } of segments) memory.set(bytes, at);
  const view = new DataView(memory.buffer);
  const before = imported(KIND.FUNCTION);
  return {
    functions(/** @type {string} */ name) {
      const index = functions.get(name);
      if (index === undefined) throw new Error(`The core has no ${name}.`);
      return index;
    },
    data,
    bodies: readVector(of(SECTION.CODE), (r) => r.bytes(r.u32())).map(
      (body, k) => /** @type {const} */ ([before + k, body]),
    ),
    word: (/** @type {number} */ at) => view.getUint32(at, true),
  };
}
