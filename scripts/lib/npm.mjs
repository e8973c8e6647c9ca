// The npm packages, exactly those of package-lock.json.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { run, step } from './run.mjs';

/** Install node_modules when it is missing or differs from the lock file. */
export function ensurePackages() {
  if (isCurrent()) return;
  step('npm packages (node_modules)');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    advice: 'npm could not install package-lock.json. Is the registry in reach? Run the command again.',
  });
}

function isCurrent() {
  // npm notes what it installed in a lock file of its own.
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = packages(join(root, 'package-lock.json'));
  const there = packages(installed);
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || there[path]?.version === version,
  );
}

/** @param {string} file @returns {Record<string, { version: string, optional?: boolean }>} */
function packages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}
