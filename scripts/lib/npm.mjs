// The npm packages, exactly those of package-lock.json.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash, root } from './paths.mjs';
import { run, step } from './run.mjs';

const modules = join(root, 'node_modules');
const stamp = join(modules, '.loopscope-lock');

/** Install node_modules when it is missing or older than the lock file. */
export function ensurePackages() {
  const lock = hash(readFileSync(join(root, 'package.json')), readFileSync(join(root, 'package-lock.json')));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  step('npm packages (node_modules)');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    advice: 'npm could not install package-lock.json. Is the registry in reach? Run the command again.',
  });
  writeFileSync(stamp, lock);
}
