/**
 * Puts the memory of a started Python, made by the build, in the place of an instance that has not started.
 *
 *     file:  magic │ version │ bytes of head │ runs   4 words
 *            head: JSON, padded to 16 bytes
 *            table: [address, length] of every run, 2 words each
 *            the runs' bytes, one after another
 *
 * A run is memory that differs from an instance that has only just been made; scripts/python/snapshot/worker.mjs says how
 * that is told. Pyodide has a full snapshot of its own, five times as large; this uses the same door, which is private
 * API: the version is pinned, and a snapshot of another build is refused.
 */

const MAGIC = 0x504e534c;
const VERSION = 1;

interface Head {
  /** Pyodide's build. */
  build: string;
  /** Bytes of memory in all. */
  heap: number;
  /** Where the static data ends. What lies beyond differs from browser to browser: it begins as zeros. */
  edge: number;
  /** JavaScript objects that Python holds, by name. */
  state: unknown;
}

/** What is used of Pyodide's module. */
export interface Module {
  HEAPU8: Uint8Array;
  HEAP32: Int32Array;
  growMemory(total: number): void;
  _sbrk(by: number): number;
  __PyRuntime: number;
  __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: number;
  __tzset_js(timezone: number, daylight: number, standard: number, summer: number): void;
  ___timezone: number;
  ___daylight: number;
  ___tzname: number;
}

export interface Api {
  config: { BUILD_ID: string };
  restoreSnapshot(whole: Uint8Array): unknown;
  [name: string]: unknown;
}

/** Write the snapshot into the module's memory; returns what Pyodide wants to know of it. Throws when it doesn't fit. */
export function restore(file: ArrayBuffer, module: Module, build: string): unknown {
  const [magic, version, headBytes = 0, runs = 0] = new Uint32Array(file, 0, 4);
  if (magic !== MAGIC || version !== VERSION) throw new Error('this is no snapshot of Python');
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 16, headBytes))) as Head;
  if (head.build !== build) throw new Error('the snapshot was made with another Pyodide');
  const begin = 16 + Math.ceil(headBytes / 16) * 16;
  const table = new Uint32Array(file, begin, runs * 2);

  if (module.HEAPU8.length < head.heap) module.growMemory(head.heap);
  const memory = module.HEAPU8;
  if (memory.length < head.heap) throw new Error('there is not enough memory for Python');
  // How C calls functions whose type it gets wrong: made anew by every engine, where it can be made.
  const trampoline =
    (module.__PyRuntime + (module.HEAP32[module.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >> 2] ?? 0)) >> 2;
  const own = module.HEAP32[trampoline] ?? 0;
  memory.fill(0, head.edge, module._sbrk(0));
  let from = begin + table.byteLength;
  for (let k = 0; k < table.length; k += 2) {
    const length = table[k + 1] ?? 0;
    memory.set(new Uint8Array(file, from, length), table[k]);
    from += length;
  }
  if (from !== file.byteLength) throw new Error('the snapshot is not whole');
  module.HEAP32[trampoline] = own;
  setTimeZone(module);
  return head.state;
}

/** The C library asks for the time zone once; it has asked where the site was built. */
function setTimeZone(module: Module): void {
  const [standard = 0, summer = 0] = module.HEAP32.subarray(module.___tzname >> 2);
  module.__tzset_js(module.___timezone, module.___daylight, standard, summer);
}

/** The JavaScript object that the build called by this name. */
export function named(name: unknown, api: Api): unknown {
  const path = (name as { api?: string[] } | undefined)?.api;
  if (!path) throw new Error('the snapshot names an object that is not there');
  return path.reduce<unknown>((holder, key) => (holder as Record<string, unknown>)[key], api);
}
