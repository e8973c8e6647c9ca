// Pyodide on Node, with the package `loopscope` as it stands in py/ and this folder's `engine`. The standard library is the
// site's byte code where LOOPSCOPE_STDLIB names that zip, and starts in a third of the time.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadPyodide } from 'pyodide';

const path = (/** @type {string} */ url) => fileURLToPath(new URL(url, import.meta.url));

export async function startPython() {
  const stdLibURL = process.env.LOOPSCOPE_STDLIB;
  const python = await loadPyodide({
    env: { PYTHONHASHSEED: '0', HOME: '/home/pyodide' },
    ...(stdLibURL && { stdLibURL }),
  });

  /** @param {string} from @param {string} to */
  function copy(from, to) {
    python.FS.mkdirTree(to);
    for (const name of readdirSync(from)) {
      if (statSync(`${from}/${name}`).isDirectory()) copy(`${from}/${name}`, `${to}/${name}`);
      else if (/\.(py|so)$/.test(name)) python.FS.writeFile(`${to}/${name}`, readFileSync(`${from}/${name}`));
    }
  }
  copy(path('../../py/loopscope'), '/lib/package/loopscope');
  python.FS.writeFile('/lib/package/engine.py', readFileSync(path('engine.py')));

  // Pyodide leaves its own loop marked as running for ever.
  python.runPython(`
import asyncio, sys
sys.path.insert(0, '/lib/package')
asyncio._set_running_loop(None)
`);
  return python;
}
