// node bundle.mjs FOLDER: put the benchmarks' worker into FOLDER/worker.js, the store's meter into FOLDER/store.js; one file each.

import { fileURLToPath } from 'node:url';
import { build } from 'vite';

for (const name of ['worker', 'store'])
  await build({
  configFile: false,
  logLevel: 'warn',
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: process.argv[2],
    emptyOutDir: false,
    target: 'es2023',
    lib: {
      entry: fileURLToPath(new URL(`${name}.mjs`, import.meta.url)),
      formats: ['es'],
      fileName: () => `${name}.js`,
    },
  },
});
