// Pyodide's core in two files: what a first run needs, and the rest, which comes later.
//
//     first   all of the core but the bodies of most functions: in the place of each stands a few bytes that call it through
//             a table of its own, `rest`; when that is empty, slot 0 is called before, which fills it
//     rest    those bodies, as a module that works on the first one's memory, table, globals and functions
//
//     slot    0                1      2      3   …
//             fills the table  body   body   body
//
// Every function keeps its index, its name and its place in the table of C's function pointers: to Python, to compiled
// libraries and to a snapshot of the memory the core is what it was. web/src/runtime/halves.ts joins the two.

import { Reader, sections, Writer } from './wasm.mjs';

/** What the first module calls the table of the rest, and the word that tells whether it is filled. */
export const TABLE = '~rest';
export const FILLED = '~filled';
const TYPE = { FUNC: 0x60, FUNCREF: 0x70, I32: 0x7f };
const KIND = { FUNCTION: 0, TABLE: 1, MEMORY: 2, GLOBAL: 3, TAG: 4 };
const SECTION = {
  TYPE: 1,
  IMPORT: 2,
  FUNCTION: 3,
  TABLE: 4,
  MEMORY: 5,
  GLOBAL: 6,
  EXPORT: 7,
  ELEMENT: 9,
  CODE: 10,
  TAG: 13,
};
const OP = {
  END: 0x0b,
  IF: 0x04,
  CALL_INDIRECT: 0x11,
  LOCAL_GET: 0x20,
  GLOBAL_GET: 0x23,
  I32_CONST: 0x41,
  EQZ: 0x45,
};
const EMPTY = 0x40;
/** Less than this is not worth a stub. */
const SHORT = 24;

/**
 * @param {Uint8Array} core @param {ReadonlySet<number>} wanted functions of the first module, by index
 * @returns {{ first: Uint8Array, rest: Uint8Array }}
 */
export function splitCore(core, wanted) {
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
      : /** @type {Uint8Array} */ (globals[index - importedGlobals.length]);
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
    if (found) moved.set(index, found);
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
    } else first.section(id, bytes);
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

/** A vector with more entries. @param {Uint8Array} bytes @param {Uint8Array[]} more */
function grown(bytes, ...more) {
  const r = new Reader(bytes);
  const out = new Writer().u32(r.u32() + more.length).put(bytes.subarray(r.at));
  for (const entry of more) out.put(entry);
  return out.done();
}

/** @typedef {{ at: number, end: number, index: number }} Place  an index in a body, and which it is */

/**
 * The functions that a body calls and the globals that it uses; undefined where it does what only the first module can.
 * @param {Uint8Array} body @returns {{ calls: Place[], uses: Place[] } | undefined}
 */
function references(body) {
  const r = new Reader(body);
  for (let groups = r.u32(); groups > 0; groups--) {
    r.u32();
    r.byte();
  }
  /** @type {Place[]} */
  const calls = [];
  /** @type {Place[]} */
  const uses = [];
  const index = (/** @type {Place[]} */ list) => {
    const at = r.at;
    const found = r.u32();
    list.push({ at, end: r.at, index: found });
  };
  while (r.at < body.length) {
    const op = r.byte();
    if (op === 0x10 || op === 0x12) index(calls);
    else if (op === 0x23 || op === 0x24) index(uses);
    // A function’s address, data of this module, vectors, threads.
    else if (op === 0xd2 || op === 0xfd || op === 0xfe) return undefined;
    else if (op === 0xfc) {
      const what = r.u32();
      if (what === 8 || what === 9 || what === 12 || what === 13) return undefined;
      if (what === 10 || what === 14) r.u32();
      if (what >= 10) r.u32();
    } else skip(r, op);
  }
  return { calls, uses };
}

/** Passes over what follows an opcode. @param {Reader} r @param {number} op */
function skip(r, op) {
  if ((op >= 0x02 && op <= 0x04) || op === 0x06) r.s64();
  else if (op === 0x07 || op === 0x08 || op === 0x09 || op === 0x0c || op === 0x0d || op === 0x18) r.u32();
  else if (op === 0x0e) for (let left = r.u32() + 1; left > 0; left--) r.u32();
  else if (op === 0x11 || op === 0x13) {
    r.u32();
    r.u32();
  } else if (op === 0x1c) for (let left = r.u32(); left > 0; left--) r.byte();
  else if (op === 0x1f) {
    r.s64();
    for (let left = r.u32(); left > 0; left--) {
      const kind = r.byte();
      if (kind < 2) r.u32();
      r.u32();
    }
  } else if (op >= 0x20 && op <= 0x26) r.u32();
  else if (op >= 0x28 && op <= 0x3e) {
    r.u32();
    r.s64();
  } else if (op === 0x3f || op === 0x40) r.u32();
  else if (op === 0x41) r.s64();
  else if (op === 0x42) r.s64();
  else if (op === 0x43) r.at += 4;
  else if (op === 0x44) r.at += 8;
  else if (op === 0xd0) r.s64();
  else if (!PLAIN(op))
    throw new Error(`The core uses an instruction that can't be split: 0x${op.toString(16)}.`);
}

/** Nothing follows these. @param {number} op */
const PLAIN = (op) =>
  op === 0x00 ||
  op === 0x01 ||
  op === 0x05 ||
  op === 0x0a ||
  op === 0x0b ||
  op === 0x0f ||
  op === 0x19 ||
  op === 0x1a ||
  op === 0x1b ||
  (op >= 0x45 && op <= 0xc4) ||
  op === 0xd1;

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

/** @template T @param {Uint8Array} bytes @param {(r: Reader) => T} read @returns {T[]} */
function readVector(bytes, read) {
  const r = new Reader(bytes);
  return Array.from({ length: r.u32() }, () => read(r));
}

/** @param {Uint8Array} bytes */
function readTypes(bytes) {
  return readVector(bytes, (r) => {
    if (r.byte() !== TYPE.FUNC) throw new Error('The core has a type that is no function’s.');
    const parameters = r.u32();
    for (let k = 0; k < parameters; k++) r.byte();
    const results = r.u32();
    for (let k = 0; k < results; k++) r.byte();
    return { parameters, results };
  });
}

/** @param {Uint8Array} bytes */
function readImports(bytes) {
  return readVector(bytes, (r) => {
    const [module, name, kind] = [r.name(), r.name(), r.byte()];
    if (kind === KIND.FUNCTION) return { module, name, kind, type: r.u32() };
    if (kind !== KIND.GLOBAL) throw new Error('The core imports what can’t be split.');
    return { module, name, kind, type: 0, global: r.bytes(2) };
  });
}

/** Type and mutability of each. @param {Uint8Array} bytes */
function readGlobals(bytes) {
  return readVector(bytes, (r) => {
    const type = r.bytes(2);
    for (let op = r.byte(); op !== OP.END; op = r.byte()) {
      if (op === 0x23 || op === 0xd2) r.u32();
      else skip(r, op);
    }
    return type;
  });
}

/** @param {Uint8Array} bytes */
function readExports(bytes) {
  return readVector(bytes, (r) => ({ name: r.name(), kind: r.byte(), index: r.u32() }));
}
