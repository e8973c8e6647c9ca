// The site: Vite's build (which makes the Python assets and recordings through scripts/vite_loopscope.mjs), then
// a Brotli twin for every large text file.

import { copyFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cached } from './cache.mjs';
import { dist, readTree, root } from './paths.mjs';
import { run, step } from './run.mjs';

const compressible = /\.(html|js|css|svg|json|bin|webmanifest)$/;

export function buildSite() {
  step('The site (dist)');
  run(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
    env: { NODE_ENV: 'production' },
  });
  const files = readTree(dist);
  const done = new Set(files.map(([path]) => path));
  for (const [path, bytes] of files) {
    if (!compressible.test(path) || bytes.length < 1024 || done.has(`${path}.br`)) continue;
    const name = basename(path);
    const folder = cached('brotli', [name, bytes], (draft) => writeFileSync(join(draft, name), bytes));
    copyFileSync(join(folder, `${name}.br`), join(dist, `${path}.br`));
  }
  const size = readTree(dist).reduce((sum, [, bytes]) => sum + bytes.length, 0);
  console.log(`dist/ is ready: ${done.size} files, ${(size / 1e6).toFixed(1)} MB.`);
}
