// The site: Vite's build (which makes the Python assets and recordings through scripts/vite_loopscope.mjs), then
// the service worker with the list of it all, then a Brotli twin for every large text file. It takes dist's place when it is whole: a failed build breaks nothing.

import { copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeServiceWorker } from '../offline.mjs';
import { BEST, cached, QUICK } from './cache.mjs';
import { build, dist, readTree } from './paths.mjs';
import { Problem, run, step } from './run.mjs';

const compressible = /\.(html|js|css|svg|json|bin|webmanifest)$/;

/** @param {{ release?: boolean }} [options] a release is as small as can be, and takes longer */
export async function buildSite({ release = false } = {}) {
  step('The site (dist)');
  const draft = join(build, `site-${process.pid}`);
  try {
    run(
      process.execPath,
      ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn', '--outDir', draft, '--emptyOutDir'],
      { env: { NODE_ENV: 'production', ...(release && { LOOPSCOPE_RELEASE: '1' }) } },
    );
    writeServiceWorker(draft);
    await compress(draft, release ? BEST : QUICK);
    replace(draft, dist);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  const files = readTree(dist);
  const size = files.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  console.log(`dist/ is ready: ${files.length} files, ${(size / 1e6).toFixed(1)} MB.`);
}

/** @param {string} folder @param {number} quality */
function compress(folder, quality) {
  return Promise.all(
    readTree(folder).map(async ([path, bytes]) => {
      if (!compressible.test(path) || bytes.length < 1024 || existsSync(join(folder, `${path}.br`))) return;
      const name = basename(path);
      const kept = await cached(
        'brotli',
        [name, bytes],
        (draft) => writeFileSync(join(draft, name), bytes),
        quality,
      );
      const small = join(kept, `${name}.br`);
      if (existsSync(small)) copyFileSync(small, join(folder, `${path}.br`));
    }),
  );
}

/** @param {string} draft @param {string} target */
function replace(draft, target) {
  const old = `${draft}.old`;
  try {
    if (existsSync(target)) renameSync(target, old);
    renameSync(draft, target);
  } catch (error) {
    throw new Problem(`The new site could not take the place of ${target}: ${error}`);
  } finally {
    rmSync(old, { recursive: true, force: true });
  }
}
