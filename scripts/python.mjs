// node scripts/python.mjs [--venv] [--browser] SCRIPT ARGS…: run a Python script with a Python that is new enough.
//
//   --venv      with the packages of tests/requirements.txt
//   --browser   with the site built, and a Chromium's path in LOOPSCOPE_CHROMIUM
//   --release   the site as it is released

import { buildSite } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensurePackages } from './lib/npm.mjs';
import { ensureVenv, findPython } from './lib/python.mjs';
import { become, main } from './lib/run.mjs';

main(async () => {
  const args = process.argv.slice(2);
  const flags = new Set();
  while (args[0]?.startsWith('--')) flags.add(args.shift());
  const python = flags.has('--venv') ? ensureVenv() : findPython();
  /** @type {Record<string, string>} */
  const env = {};
  if (flags.has('--browser')) {
    ensurePackages();
    env.LOOPSCOPE_CHROMIUM = ensureChromium();
    await buildSite({ release: flags.has('--release') });
  }
  become(python, args, env);
});
