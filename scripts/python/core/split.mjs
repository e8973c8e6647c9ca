// Pyodide's core in two files: what a first run needs, and the rest, which comes later.
//
//     first   all of the core but the bodies of most functions: in the place of each stands a few bytes that call it through
//             a table of its own, `rest`; when that is empty, slot 0 is called before, which fills it
//     rest    those bodies, as a module that works on the first one's memory, table, globals and functions, and the data
//             that they alone read
//
//     slot    0                1      2      3   …
//             fills the table  body   body   body
//
// Every function keeps its index, its name and its place in the table of C's function pointers: to Python, to compiled
// libraries and to a snapshot of the memory the core is what it was. web/src/runtime/halves.ts joins the two.

import {
  KIND,
  OP,
  readExports,
  readGlobals,
  readImports,
  readSegments,
  readTypes,
  readVector,
  references,
  SECTION,
  TYPE,
} from './module.mjs';
import { Reader, sections, Writer } from './wasm.mjs';

/** @typedef {import('./module.mjs').Place} Place */
/** @typedef {import('./module.mjs').Segment} Segment */

/** What the first module calls the table of the rest, and the word that tells whether it is filled. */
export const TABLE = '~rest';
export const FILLED = '~filled';
const EMPTY = 0x40;
/** Less than this is not worth a stub. */
const SHORT = 24;

/** @typedef {{ from: number, to: number }} Range  of addresses */

/**
 * @param {Uint8Array} core @param {ReadonlySet<number>} wanted functions of the first module, by index
 * @param {readonly Range[]} [later] data that no function of the first module reads
 * @returns {{ first: Uint8Array, rest: Uint8Array }}
 */
export function splitCore(core, wanted, later = []) {
  const all = sections(core);
  const of = (/** @type {number} */ id) =>
    all.find((section) => section.id === id)?.bytes ?? new Uint8Array([0]);
  const types = readTypes(of(SECTION.TYPE));
  const imports = readImports(of(SECTION.IMPORT));
  const imported = imports.filter(({ kind }) => kind === KIND.FUNCTION);
  const importedGlobals = imports.filter(({ kind }) => kind === KIND.GLOBAL);
  const declared = readVector(of(SECTION.FUNCTION), (r) => r.u32());
  const typeOf = (/** @type {number} */ index) =>
    index < imported.length
      ? /** @type {{ type: number }} */ (imported[index]).type
      : /** @type {number} */ (declared[index - imported.length]);
  const globals = readGlobals(of(SECTION.GLOBAL));
  const globalType = (/** @type {number} */ index) =>
    index < importedGlobals.length
      ? /** @type {{ global: Uint8Array }} */ (importedGlobals[index]).global
      : /** @type {{ type: Uint8Array }} */ (globals[index - importedGlobals.length]).type;
  const exports = readExports(of(SECTION.EXPORT));
  const names = new Map(exports.map(({ name, kind, index }) => [`${kind}:${index}`, name]));
  const tags = readVector(of(SECTION.TAG), (r) => {
    r.byte();
    return r.u32();
  });

  const bodies = readVector(of(SECTION.CODE), (r) => r.bytes(r.u32()));
  /** Of each function that moves: what it calls and which globals it uses, by where that stands in its body. */
  const moved = new Map();
  bodies.forEach((body, k) => {
    const index = k + imported.length;
    if (wanted.has(index) || body.length < SHORT) return;
    const found = references(body);
    if (!found.bound) moved.set(index, found);
  });
  const slots = new Map([...moved.keys()].map((index, k) => [index, k + 1]));

  // The first module.
  const voidType = types.findIndex(({ parameters, results }) => parameters + results === 0);
  const filled = importedGlobals.length + globals.length;
  const tables = readVector(of(SECTION.TABLE), (r) => r.bytes(r.limits(1)));
  const table = tables.length;
  const needed = new Map();
  const need = (/** @type {number} */ kind, /** @type {number} */ index) => {
    const key = `${kind}:${index}`;
    const name = names.get(key) ?? `~${kind.toString(36)}${index.toString(36)}`;
    if (!names.has(key) && !needed.has(key)) needed.set(key, { name, kind, index });
    return name;
  };

  // The rest: its functions are numbered anew, those of the first module that it calls come before its own.
  const restImports = new Writer();
  let restImported = 0;
  /** @type {Map<number, number>} */
  const functionIn = new Map();
  /** @type {Map<number, number>} */
  const globalIn = new Map();
  for (const { calls, uses } of moved.values()) {
    for (const { index } of calls) {
      if (slots.has(index) || functionIn.has(index)) continue;
      functionIn.set(index, functionIn.size);
      const from = imported[index];
      if (from) restImports.name(from.module).name(from.name);
      else restImports.name('first').name(need(KIND.FUNCTION, index));
      restImports.byte(KIND.FUNCTION).u32(typeOf(index));
      restImported++;
    }
    for (const { index } of uses) globalIn.set(index, 0);
  }
  const before = functionIn.size;
  for (const [index, slot] of slots) functionIn.set(index, before + slot - 1);
  [...globalIn.keys()].forEach((index, k) => {
    globalIn.set(index, k);
    restImports.name('first').name(need(KIND.GLOBAL, index)).byte(KIND.GLOBAL).put(globalType(index));
  });
  tags.forEach((type, index) => {
    restImports.name('first').name(need(KIND.TAG, index)).byte(KIND.TAG).byte(0).u32(type);
  });
  for (const [index, limits] of tables.entries())
    restImports.name('first').name(need(KIND.TABLE, index)).byte(KIND.TABLE).put(limits);
  const size = slots.size + 1;
  const own = new Writer().byte(TYPE.FUNCREF).byte(0).u32(size);
  restImports.name('first').name(TABLE).byte(KIND.TABLE).put(own.done());
  const memories = readVector(of(SECTION.MEMORY), (r) => r.bytes(r.limits(0)));
  for (const [index, limits] of memories.entries())
    restImports.name('first').name(need(KIND.MEMORY, index)).byte(KIND.MEMORY).put(limits);
  const count = restImported + globalIn.size + tags.length + tables.length + memories.length + 1;

  const rest = new Writer().put(core.subarray(0, 8));
  rest.section(SECTION.TYPE, of(SECTION.TYPE));
  rest.section(SECTION.IMPORT, new Writer().u32(count).put(restImports.done()).done());
  rest.section(
    SECTION.FUNCTION,
    new Writer().vector([...moved.keys()], (w, index) => w.u32(typeOf(index))).done(),
  );
  const place = new Writer().byte(OP.I32_CONST).byte(1).byte(OP.END).done();
  const element = new Writer().u32(1).u32(2).u32(table).put(place).byte(0);
  element.vector([...moved.keys()], (w, index) => w.u32(/** @type {number} */ (functionIn.get(index))));
  rest.section(SECTION.ELEMENT, element.done());
  rest.section(
    SECTION.CODE,
    new Writer()
      .vector([...moved], (w, [index, { calls, uses }]) => {
        const body = bodies[index - imported.length];
        w.sized(renumbered(/** @type {Uint8Array} */ (body), calls, uses, functionIn, globalIn));
      })
      .done(),
  );

  const data = splitData(readSegments(of(SECTION.DATA)), later);
  rest.section(SECTION.DATA, new Writer().vector(data.rest, writeSegment).done());

  const first = new Writer().put(core.subarray(0, 8));
  for (const { id, bytes } of all) {
    if (id === SECTION.TABLE) first.section(id, grown(bytes, own.done()));
    else if (id === SECTION.GLOBAL) {
      const zero = new Writer().byte(TYPE.I32).byte(1).byte(OP.I32_CONST).byte(0).byte(OP.END).done();
      first.section(id, grown(bytes, zero));
    } else if (id === SECTION.EXPORT) {
      const more = [
        ...needed.values(),
        { name: TABLE, kind: KIND.TABLE, index: table },
        { name: FILLED, kind: KIND.GLOBAL, index: filled },
      ];
      first.section(
        id,
        grown(
          bytes,
          ...more.map(({ name, kind, index }) => new Writer().name(name).byte(kind).u32(index).done()),
        ),
      );
    } else if (id === SECTION.CODE) {
      first.section(
        id,
        new Writer()
          .vector(bodies, (w, body, k) => {
            const slot = slots.get(k + imported.length);
            const type = typeOf(k + imported.length);
            const { parameters } = /** @type {{ parameters: number }} */ (types[type]);
            w.sized(slot === undefined ? body : stub(slot, type, parameters, { voidType, filled, table }));
          })
          .done(),
      );
    } else if (id === SECTION.DATA) first.section(id, new Writer().vector(data.first, writeSegment).done());
    else if (id === SECTION.DATA_COUNT) first.section(id, new Writer().u32(data.first.length).done());
    else first.section(id, bytes);
  }
  return { first: first.done(), rest: rest.done() };
}

/** @param {number} slot @param {number} type @param {number} parameters @param {{ voidType: number, filled: number, table: number }} at */
function stub(slot, type, parameters, { voidType, filled, table }) {
  const body = new Writer().u32(0).byte(OP.GLOBAL_GET).u32(filled).byte(OP.EQZ).byte(OP.IF).byte(EMPTY);
  body.byte(OP.I32_CONST).byte(0).byte(OP.CALL_INDIRECT).u32(voidType).u32(table).byte(OP.END);
  for (let k = 0; k < parameters; k++) body.byte(OP.LOCAL_GET).u32(k);
  return body.byte(OP.I32_CONST).s32(slot).byte(OP.CALL_INDIRECT).u32(type).u32(table).byte(OP.END).done();
}

/** @param {Writer} w @param {Segment} segment */
const writeSegment = (w, { at, bytes }) => {
  w.u32(0).byte(OP.I32_CONST).s32(at).byte(OP.END).sized(bytes);
};

/** @param {readonly Segment[]} segments @param {readonly Range[]} later  in order, apart from each other */
function splitData(segments, later) {
  /** @type {Segment[]} */
  const first = [];
  /** @type {Segment[]} */
  const rest = [];
  for (const { at, bytes } of segments) {
    let from = at;
    const cut = (/** @type {Segment[]} */ list, /** @type {number} */ to) => {
      if (to > from) list.push({ at: from, bytes: bytes.subarray(from - at, to - at) });
      from = Math.max(from, to);
    };
    const end = at + bytes.length;
    for (const range of later) {
      cut(first, Math.min(end, range.from));
      cut(rest, Math.min(end, range.to));
    }
    cut(first, end);
  }
  return { first, rest };
}

/** A vector with more entries. @param {Uint8Array} bytes @param {Uint8Array[]} more */
function grown(bytes, ...more) {
  const r = new Reader(bytes);
  const out = new Writer().u32(r.u32() + more.length).put(bytes.subarray(r.at));
  for (const entry of more) out.put(entry);
  return out.done();
}

/**
 * @param {Uint8Array} body @param {Place[]} calls @param {Place[]} uses
 * @param {Map<number, number>} functions @param {Map<number, number>} globals  what each is called in the rest
 */
function renumbered(body, calls, uses, functions, globals) {
  const places = [
    ...calls.map((place) => ({ ...place, now: functions.get(place.index) })),
    ...uses.map((place) => ({ ...place, now: globals.get(place.index) })),
  ].sort((a, b) => a.at - b.at);
  const out = new Writer();
  let from = 0;
  for (const { at, end, now } of places) {
    out.put(body.subarray(from, at)).u32(/** @type {number} */ (now));
    from = end;
  }
  return out.put(body.subarray(from)).done();
}
