// Runs in Chromium: starts Python as the page does, imports what a run needs, and writes its memory.
//
// What is written are the 128-byte blocks that differ from the memory of an interpreter that has been instantiated but
// not started: that is what a visitor's browser has in hand (web/src/runtime/snapshot.ts puts the blocks in place).

const BLOCK = 32;
const MAGIC = 0x504e534c; // "LSNP"

/** Environment of every start; see web/src/runtime/load.ts. */
const env = { HOME: '/home/pyodide', LANG: 'C.UTF-8', PYTHONHASHSEED: '0' };

const lock = JSON.stringify({
  info: { abi_version: '2026_0', arch: 'wasm32', platform: 'emscripten', version: '0', python: '3.14.0' },
  packages: {},
});

/** @typedef {any} Pyodide  what is used here is private API */
/** @typedef {{ base: string, stdlib: string, mounted: Record<string, string>, prepare: string }} Job */

/**
 * The memory of an instance that has not been started, and where its static data ends.
 * @param {Pyodide} loadPyodide @param {Pyodide} createModule @param {object} config @param {object} environment
 * @returns {Promise<{ memory: Uint8Array, edge: number }>}
 */
async function untouched(loadPyodide, createModule, config, environment) {
  const Stop = class extends Error {};
  let memory = new Uint8Array();
  let edge = 0;
  try {
    await loadPyodide({
      ...config,
      env: environment,
      async createPyodideModule(/** @type {Pyodide} */ settings) {
        settings.noInitialRun = true;
        const module = await createModule(settings);
        memory = module.HEAPU8.slice();
        edge = module.___heap_base;
        throw new Stop();
      },
    });
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  return { memory, edge };
}

/** Take what malloc has free, fill it with zeros, and give it back: nothing left over is written. @param {Pyodide} module */
function clearFreeMemory(module) {
  const taken = [];
  const size = module.HEAP8.length;
  const top = module._sbrk(0);
  for (let want = 4 << 20; want >= 32; want = (want * 0.75) | 0) {
    for (;;) {
      const at = module._malloc(want);
      if (!at) break;
      if (at + want > top || module.HEAP8.length > size) {
        module._free(at);
        break;
      }
      module.HEAPU8.fill(0, at, at + want);
      taken.push(at);
    }
  }
  for (const at of taken) module._free(at);
  if (module.HEAP8.length > size) throw new Error('clearing the free memory made it grow');
}

/** JavaScript objects that Python holds, by their place in Pyodide's API. @param {Pyodide} api */
const nameIn = (api) => (/** @type {unknown} */ object) => {
  const { public_api: open } = api;
  const names = [
    ...Object.getOwnPropertyNames(open),
    ...Object.getOwnPropertyNames(Object.getPrototypeOf(open)),
  ];
  const places = [
    { place: /** @type {string[]} */ ([]), holder: api, keys: Object.keys(api) },
    { place: ['public_api'], holder: open, keys: names },
  ];
  for (const { place, holder, keys } of places) {
    for (const key of keys) {
      let value;
      try {
        value = holder[key];
      } catch {
        continue;
      }
      if (value === object) return { api: [...place, key] };
    }
  }
  throw new Error(
    `Python holds a JavaScript object that has no name in Pyodide's API: ${String(object).slice(0, 200)}`,
  );
};

/** @param {Job} job */
async function snapshot({ base, stdlib, mounted, prepare }) {
  const { loadPyodide } = await import(`${base}pyodide.mjs`);
  const { default: createModule } = await import(`${base}pyodide.asm.mjs`);
  const config = { indexURL: base, stdLibURL: stdlib, lockFileContents: lock };

  const fresh = await untouched(loadPyodide, createModule, config, env);
  // Blocks that differ from one start to the next are written, whatever is in them.
  const now = Date.now;
  Date.now = () => now() + 7_654_321_000;
  const other = await untouched(loadPyodide, createModule, config, { ...env, LANG: 'somewhat_longer.UTF-8' });
  Date.now = now;

  /** @type {Pyodide} */
  let api;
  const python = await loadPyodide({
    ...config,
    env,
    _makeSnapshot: true,
    createPyodideModule(/** @type {Pyodide} */ settings) {
      api = settings.API;
      return createModule(settings);
    },
  });
  const module = python._module;
  for (const [path, url] of Object.entries(mounted)) {
    python.FS.writeFile(path, new Uint8Array(await (await fetch(url)).arrayBuffer()));
  }
  python.runPython(prepare);
  clearFreeMemory(module);

  const whole = python.makeMemorySnapshot({ serializer: nameIn(api) });
  const [, begin = 0, stateBytes = 0] = new Uint32Array(whole.buffer, 0, 3);
  const memory = whole.subarray(begin);
  const state = JSON.parse(new TextDecoder().decode(whole.subarray(48, 48 + stateBytes)));
  return pack(memory, fresh, other.memory, state, api.config.BUILD_ID);
}

/**
 * The file; see web/src/runtime/snapshot.ts for its layout. `fresh` and `other` are the memory of two instances not started.
 * @param {Uint8Array} memory @param {{ memory: Uint8Array, edge: number }} untouched @param {Uint8Array} other
 * @param {unknown} state @param {string} build
 */
function pack(memory, { memory: fresh, edge }, other, state, build) {
  const words = (/** @type {Uint8Array} */ bytes) =>
    new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
  const a = words(memory);
  const b = words(fresh);
  const c = words(other);
  /** @type {{ at: number, length: number }[]} */
  const runs = [];
  for (let at = 0; at < memory.length; at += BLOCK) {
    let differs = false;
    for (let k = at >> 2; k < (at + BLOCK) >> 2 && !differs; k++) {
      // Beyond the static data the base is zero: what lies there in a fresh instance depends on where it is.
      differs = a[k] !== (at < edge ? b[k] : 0) || (at < edge && b[k] !== c[k]);
    }
    if (!differs) continue;
    const last = runs.at(-1);
    if (last && last.at + last.length === at) last.length += BLOCK;
    else runs.push({ at, length: BLOCK });
  }
  const head = new TextEncoder().encode(JSON.stringify({ build, heap: memory.length, edge, state }));
  const table = 16 + Math.ceil(head.length / 16) * 16;
  const data = table + runs.length * 8;
  const file = new Uint8Array(data + runs.reduce((sum, { length }) => sum + length, 0));
  words(file).set([MAGIC, 1, head.length, runs.length]);
  file.set(head, 16);
  let to = data;
  runs.forEach(({ at, length }, k) => {
    words(file).set([at, length], (table >> 2) + 2 * k);
    file.set(memory.subarray(at, at + length), to);
    to += length;
  });
  return file;
}

addEventListener('message', async ({ data }) => {
  try {
    postMessage({ made: await snapshot(data) });
  } catch (error) {
    postMessage({ failed: error instanceof Error ? error.stack : String(error) });
  }
});
