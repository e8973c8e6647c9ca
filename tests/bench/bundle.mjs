// node bundle.mjs FOLDER: put the benchmarks' worker into FOLDER/worker.js, one file.

import { fileURLToPath } from 'node:url';
import { build } from 'vite';

await build({
  configFile: false,
  logLevel: 'warn',
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: process.argv[2],
    emptyOutDir: false,
    target: 'es2023',
    lib: {
      entry: fileURLToPath(new URL('worker.mjs', import.meta.url)),
      formats: ['es'],
      fileName: () => 'worker.js',
    },
  },
});
