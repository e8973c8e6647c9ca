/**
 * Pyodide's core in two halves: the first has all functions, most of them without their bodies; those come with the rest,
 * when the first of them is called. scripts/python/core/split.mjs makes the two, and says how they hang together.
 */

/** What the first half calls the table of the rest, and the word that tells that it is filled: as in split.mjs. */
const TABLE = '~rest';
const FILLED = '~filled';
/** Names between the two halves begin so. */
const OURS = '~';

/** A module whose one function is the one that it imports: a table takes no other functions than a module's. */
const WRAPPER = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0],
  ...[2, 7, 1, 1, 0x66, 1, 0x66, 0, 0],
  ...[7, 5, 1, 1, 0x66, 0, 0],
);

/** `rest` is asked for the other half when a function of it is called, and may wait for it. A whole core has no use for it. */
export async function instantiateFirst(
  module: WebAssembly.Module,
  imports: WebAssembly.Imports,
  rest: () => WebAssembly.Module,
): Promise<{ exports: WebAssembly.Exports }> {
  const { exports } = await WebAssembly.instantiate(module, imports);
  const table = exports[TABLE] as WebAssembly.Table | undefined;
  const filled = exports[FILLED] as WebAssembly.Global;
  if (!table) return { exports };
  // As they are now: Emscripten changes them later.
  const kept = Object.fromEntries(Object.entries(imports).map(([name, all]) => [name, { ...all }]));
  const fill = (): void => {
    new WebAssembly.Instance(rest(), { ...kept, first: exports });
    filled.value = 1;
  };
  const wrapped = new WebAssembly.Instance(new WebAssembly.Module(WRAPPER), { f: { f: fill } });
  table.set(0, wrapped.exports.f);
  // To Emscripten the core is what it was.
  return { exports: Object.fromEntries(Object.entries(exports).filter(([name]) => !name.startsWith(OURS))) };
}
