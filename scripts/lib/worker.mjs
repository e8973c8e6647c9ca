// The worker's script: one classic script with all it imports. The page fetches it as text; it runs in the sandbox.

import { build } from 'vite';
import { hash, root } from './paths.mjs';

/** @returns {Promise<{ path: string, code: string }>} its path below the site, and itself */
export async function bundleWorker() {
  const output = await build({
    configFile: false,
    logLevel: 'warn',
    root,
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: 'web/src/runtime/worker.ts', formats: ['iife'], name: 'worker' },
    },
  });
  const outputs = Array.isArray(output) ? output : [output];
  const chunks = outputs.flatMap((one) => ('output' in one ? one.output : []));
  const [chunk] = chunks;
  if (chunks.length !== 1 || chunk?.type !== 'chunk') throw new Error('The worker is not one script.');
  return { path: `assets/worker-${hash(chunk.code)}.js`, code: chunk.code };
}
