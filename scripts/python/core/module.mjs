// What a module of WebAssembly says of itself, as far as the core is split by it.

import { Reader } from './wasm.mjs';

export const TYPE = { FUNC: 0x60, FUNCREF: 0x70, I32: 0x7f };
export const KIND = { FUNCTION: 0, TABLE: 1, MEMORY: 2, GLOBAL: 3, TAG: 4 };
export const SECTION = {
  TYPE: 1,
  IMPORT: 2,
  FUNCTION: 3,
  TABLE: 4,
  MEMORY: 5,
  GLOBAL: 6,
  EXPORT: 7,
  ELEMENT: 9,
  CODE: 10,
  DATA: 11,
  DATA_COUNT: 12,
  TAG: 13,
};
export const OP = {
  END: 0x0b,
  IF: 0x04,
  CALL_INDIRECT: 0x11,
  LOCAL_GET: 0x20,
  GLOBAL_GET: 0x23,
  I32_CONST: 0x41,
  EQZ: 0x45,
};

/** @template T @param {Uint8Array} bytes @param {(r: Reader) => T} read @returns {T[]} */
export function readVector(bytes, read) {
  const r = new Reader(bytes);
  return Array.from({ length: r.u32() }, () => read(r));
}

/** @param {Uint8Array} bytes */
export function readTypes(bytes) {
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
export function readImports(bytes) {
  return readVector(bytes, (r) => {
    const [module, name, kind] = [r.name(), r.name(), r.byte()];
    if (kind === KIND.FUNCTION) return { module, name, kind, type: r.u32() };
    if (kind !== KIND.GLOBAL) throw new Error('The core imports what can’t be split.');
    return { module, name, kind, type: 0, global: r.bytes(2) };
  });
}

/** Type and mutability of each, and what it begins with if that is a plain number. @param {Uint8Array} bytes */
export function readGlobals(bytes) {
  return readVector(bytes, (r) => {
    const type = r.bytes(2);
    /** @type {number | undefined} */
    let value;
    for (let op = r.byte(); op !== OP.END; op = r.byte()) {
      if (op === OP.I32_CONST) value = r.u32();
      else if (op === 0x23 || op === 0xd2) r.u32();
      else skip(r, op);
    }
    return { type, value };
  });
}

/** @param {Uint8Array} bytes */
export function readExports(bytes) {
  return readVector(bytes, (r) => ({ name: r.name(), kind: r.byte(), index: r.u32() }));
}

/** @typedef {{ at: number, bytes: Uint8Array }} Segment  of data, and its address */

/** @param {Uint8Array} bytes @returns {Segment[]} */
export function readSegments(bytes) {
  return readVector(bytes, (r) => {
    if (r.u32() !== 0 || r.byte() !== OP.I32_CONST)
      throw new Error('The core has data whose place is not known.');
    const at = r.u32();
    r.byte();
    return { at, bytes: r.bytes(r.u32()) };
  });
}

/** @typedef {{ at: number, end: number, index: number }} Place  an index in a body, and which it is */

/**
 * What a body mentions: functions that it calls, globals that it uses, numbers, which may be addresses; and whether it does
 * what only its own module can.
 * @param {Uint8Array} body @returns {{ calls: Place[], uses: Place[], numbers: number[], bound: boolean }}
 */
export function references(body) {
  const r = new Reader(body);
  for (let groups = r.u32(); groups > 0; groups--) {
    r.u32();
    r.byte();
  }
  /** @type {Place[]} */
  const calls = [];
  /** @type {Place[]} */
  const uses = [];
  /** @type {number[]} */
  const numbers = [];
  let bound = false;
  const index = (/** @type {Place[]} */ list) => {
    const at = r.at;
    const found = r.u32();
    list.push({ at, end: r.at, index: found });
  };
  while (r.at < body.length) {
    const op = r.byte();
    if (op === 0x10 || op === 0x12) index(calls);
    else if (op === 0x23 || op === 0x24) index(uses);
    else if (op === OP.I32_CONST) numbers.push(r.s32());
    else if (op >= 0x28 && op <= 0x3e) {
      r.u32();
      numbers.push(r.u32());
    } else if (op === 0xd2) {
      bound = true; // a function's address
      r.u32();
    } else if (op === 0xfc) {
      const what = r.u32();
      // The module's data or elements.
      if (what === 8 || what === 9 || what === 12 || what === 13) {
        bound = true;
        r.u32();
      }
      if (what === 8 || what === 10 || what === 12 || what === 14) r.u32();
      if (what === 10 || what === 11 || what >= 14) r.u32();
    } else skip(r, op);
  }
  return { calls, uses, numbers, bound };
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
  else if (op === 0x3f || op === 0x40) r.u32();
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
