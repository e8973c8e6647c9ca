// Wheels from the package index, pinned with their hashes and downloaded by pip.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cached } from '../lib/cache.mjs';
import { root } from '../lib/paths.mjs';
import { ensureVenv, findPython } from '../lib/python.mjs';
import { ask, run } from '../lib/run.mjs';

/** For Pyodide's Python, whatever Python the build has. */
const target = ['--python-version', '3.14', '--implementation', 'py', '--abi', 'none', '--platform', 'any'];

/**
 * The files of the wheels that a requirements file names, downloaded once.
 * @param {string} requirements
 * @returns {Promise<string[]>}
 */
export async function downloadWheels(requirements) {
  const folder = await cached('wheels', [readFileSync(requirements)], (draft) => {
    const found = findPython();
    const python = ask(found, ['-m', 'pip', '--version']) ? found : ensureVenv();
    run(
      python,
      ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes']
        .concat('--only-binary=:all:', ...target)
        .concat('--dest', draft, '--requirement', requirements),
      {
        quiet: true,
        advice: `pip could not download ${relative(root, requirements)}. Is the package index in reach? Run the command again.`,
      },
    );
  });
  const names = readdirSync(folder).filter((name) => name.endsWith('.whl'));
  return names.sort().map((name) => join(folder, name));
}
