import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readWanted } from '../../../scripts/python/core/first.mjs';
import { laterData } from '../../../scripts/python/core/later.mjs';
import { readSegments, SECTION } from '../../../scripts/python/core/module.mjs';
import { splitCore } from '../../../scripts/python/core/split.mjs';
import { sections, Writer } from '../../../scripts/python/core/wasm.mjs';
import { instantiateFirst } from '../../../web/src/runtime/halves';

const [I32, FUNC, FUNCREF] = [0x7f, 0x60, 0x70];
const [ADD, CALL, CONST, DROP, END, GET] = [0x6a, 0x10, 0x41, 0x1a, 0x0b, 0x20];
/** Numbers that look like calls, so that a body is long enough to be moved. */
const LONG = [...Array(3)].flatMap(() => [0x44, CALL, CALL, CALL, CALL, CALL, CALL, CALL, CALL, DROP]);

/**
 * A module in miniature. Functions: 0 is imported; 1 adds one; 2 does it twice, and counts in a global how often; 3 tells the
 * import of what 2 makes, and adds what stands in the memory; 4 calls 3 through the table. From byte 100 on the memory
 * holds 1, 2, 3 and so on to 8.
 */
function miniature(): Uint8Array {
  const w = new Writer().put(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const bytes = (...all: number[]) => Uint8Array.from(all);
  w.section(1, bytes(2, FUNC, 0, 0, FUNC, 1, I32, 1, I32));
  w.section(2, new Writer().u32(1).name('env').name('tell').byte(0).u32(1).done());
  w.section(3, bytes(4, 1, 1, 1, 1));
  w.section(4, bytes(1, FUNCREF, 0, 4));
  w.section(5, bytes(1, 0, 1));
  w.section(6, bytes(1, I32, 1, CONST, 0, END));
  const exported: [string, number, number][] = [
    ['one', 0, 1],
    ['twice', 0, 2],
    ['told', 0, 3],
    ['called', 0, 4],
    ['memory', 2, 0],
    ['table', 1, 0],
  ];
  w.section(
    7,
    new Writer().vector(exported, (e, [name, kind, index]) => e.name(name).byte(kind).u32(index)).done(),
  );
  w.section(9, bytes(1, 0, CONST, 0, END, 4, 1, 2, 3, 4));
  w.section(SECTION.DATA_COUNT, bytes(1));
  const bodies = [
    [0, GET, 0, CONST, 1, ADD, END],
    [0, ...LONG, 0x23, 0, CONST, 1, ADD, 0x24, 0, GET, 0, CALL, 1, CALL, 1, END],
    [0, ...LONG, GET, 0, CALL, 2, CALL, 0, CONST, 0, 0x28, 2, 0, ADD, END],
    [0, ...LONG, GET, 0, CONST, 2, 0x11, 1, 0, 0x23, 0, ADD, END],
  ];
  w.section(10, new Writer().vector(bodies, (e, body) => e.sized(Uint8Array.from(body))).done());
  w.section(SECTION.DATA, bytes(1, 0, CONST, 100 | 128, 0, END, 8, 1, 2, 3, 4, 5, 6, 7, 8));
  return w.done().slice();
}

type Call = (x: number) => number;

async function joined(wanted: number[], later: { from: number; to: number }[] = []) {
  const { first, rest } = splitCore(miniature(), new Set(wanted), later);
  const told: number[] = [];
  let asked = 0;
  const tell = (x: number): number => {
    told.push(x);
    return x;
  };
  const { exports } = await instantiateFirst(new WebAssembly.Module(first.slice()), { env: { tell } }, () => {
    asked++;
    return new WebAssembly.Module(rest.slice());
  });
  const calls = exports as unknown as Record<'one' | 'twice' | 'told' | 'called', Call>;
  return { exports, calls, told, asked: () => asked };
}

test('what comes first runs without the rest', async () => {
  const { calls, asked } = await joined([1, 2]);
  expect(calls.twice(5)).toBe(7);
  expect(asked()).toBe(0);
});

test('the rest is asked for when it is called, once, and works on the memory, globals and functions of the first half', async () => {
  const { exports, calls, told, asked } = await joined([1]);
  new Int32Array((exports.memory as WebAssembly.Memory).buffer)[0] = 1000;
  expect(calls.one(1)).toBe(2);
  expect(asked()).toBe(0);
  expect(calls.told(5)).toBe(1007);
  expect(told).toEqual([7]);
  // Through the table, from the rest; the second call counted, too.
  expect(calls.called(6)).toBe(1008 + 2);
  expect(calls.twice(0)).toBe(2);
  expect(asked()).toBe(1);
});

test('who comes through the table of C’s function pointers finds the same functions', async () => {
  const { exports, asked } = await joined([]);
  const table = exports.table as WebAssembly.Table;
  expect(table.length).toBe(4);
  expect((table.get(1) as Call)(3)).toBe(5);
  expect(asked()).toBe(1);
});

test('data that the rest alone reads come with it', async () => {
  const { exports, calls } = await joined(
    [1],
    [
      { from: 90, to: 102 },
      { from: 105, to: 107 },
    ],
  );
  const data = () => [...new Uint8Array((exports.memory as WebAssembly.Memory).buffer, 99, 10)];
  expect(data()).toEqual([0, 0, 0, 3, 4, 5, 0, 0, 8, 0]);
  calls.twice(1);
  expect(data()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 0]);
});

test('nobody else sees the names that the halves have for each other', async () => {
  const { exports } = await joined([1]);
  expect(Object.keys(exports)).toEqual(['one', 'twice', 'told', 'called', 'memory', 'table']);
});

test('Pyodide’s core is valid in halves, keeps its names, and the first one is much the smaller for it', () => {
  const core = readFileSync('node_modules/pyodide/pyodide.asm.wasm');
  const wanted = readWanted(core);
  const { first, rest } = splitCore(core, wanted, laterData(core, wanted));
  const whole = WebAssembly.Module.exports(new WebAssembly.Module(core)).map(({ name, kind }) => kind + name);
  const kept = new Set(
    WebAssembly.Module.exports(new WebAssembly.Module(first.slice())).map(({ name, kind }) => kind + name),
  );
  expect(whole.filter((name) => !kept.has(name))).toEqual([]);
  expect(WebAssembly.validate(rest.slice())).toBe(true);
  expect(first.length).toBeLessThan(core.length * 0.5);
  const data = (...modules: Uint8Array[]) => {
    const memory = new Uint8Array(4 << 20);
    for (const module of modules) {
      const found = sections(module).find(({ id }) => id === SECTION.DATA);
      for (const { at, bytes } of readSegments(found?.bytes ?? Uint8Array.of(0))) memory.set(bytes, at);
    }
    return Buffer.from(memory);
  };
  expect(data(first, rest).equals(data(core))).toBe(true);
});

test('data that a function of the first half may read does not come later', () => {
  const core = readFileSync('node_modules/pyodide/pyodide.asm.wasm');
  const wanted = readWanted(core);
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(core));
  expect(exported.some(({ name }) => name === 'iconv')).toBe(true);
  // The first function of iconv's file; one that mentions an address in its tables; who unmarshals frozen modules.
  for (const [index, problem] of [
    [13730, 'the tables of musl'],
    [13737, 'may read'],
    [4630, 'frozen modules'],
  ] as const)
    expect(() => laterData(core, new Set([...wanted, index]))).toThrow(problem);
});

test('a list that was made for another core is refused', () => {
  expect(() => readWanted(Uint8Array.of(1))).toThrow('npm run generate:core');
});
