// node bare.mjs FOLDER: Pyodide as it comes, its files compressed like the site's, for a page that only loads it.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const folder = process.argv[2] ?? '.';
const pyodide = new URL('../../node_modules/pyodide/', import.meta.url);
for (const name of ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'pyodide-lock.json', 'python_stdlib.zip']) {
  const bytes = readFileSync(new URL(name, pyodide));
  writeFileSync(join(folder, name), bytes);
  if (name.endsWith('.zip')) continue;
  const small = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  writeFileSync(join(folder, `${name}.br`), small);
}
writeFileSync(
  join(folder, 'index.html'),
  '<!doctype html><title>Bare</title><script type="module" src="page.mjs"></script>\n',
);
// Not inline: the site's headers are this page's, too.
writeFileSync(
  join(folder, 'page.mjs'),
  `const worker = new Worker('worker.mjs', { type: 'module' });
worker.onmessage = () => { window.finished = performance.now(); };
`,
);
writeFileSync(
  join(folder, 'worker.mjs'),
  `import { loadPyodide } from './pyodide.mjs';
const python = await loadPyodide();
python.runPython("print('Hello')");
postMessage('done');
`,
);
