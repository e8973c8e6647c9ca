// npm test: set up what the tests need, and run them.
//
//   npm test                     everything
//   npm test -- check web        parts: check (types, imports), web (Vitest), py, e2e, conformance (pytest)
//   npm test -- e2e -k permalink what follows the parts goes to pytest (or to Vitest when web is the only part)
//
// pytest runs last, and once, so that its closing line tells the end of the whole.

import { existsSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { buildSite } from './lib/build.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensurePackages } from './lib/npm.mjs';
import { dist, root } from './lib/paths.mjs';
import { ensureVenv } from './lib/python.mjs';
import { become, main, run, step } from './lib/run.mjs';

// In this order: a process that drove a browser has an event loop running for ever, and can run no other.
const pytestParts = ['py', 'conformance', 'e2e'];
const inBrowser = ['e2e', 'conformance'];
const parts = ['check', 'web', ...pytestParts];

main(async () => {
  const args = process.argv.slice(2);
  /** @type {string[]} */
  const chosen = [];
  while (parts.includes(args[0] ?? '')) chosen.push(/** @type {string} */ (args.shift()));
  const has = (/** @type {string} */ part) => (chosen.length ? chosen : parts).includes(part);
  const folders = pytestParts.filter((part) => has(part) && existsSync(join(root, 'tests', part)));

  ensurePackages();
  const python = ensureVenv();
  if (has('check')) check(python);
  if (has('web')) {
    step('Vitest');
    run(process.execPath, [
      'node_modules/vitest/vitest.mjs',
      'run',
      ...(chosen.join() === 'web' ? args : []),
    ]);
  }
  if (!folders.length) return;

  /** @type {Record<string, string>} */
  const env = {};
  if (folders.some((part) => inBrowser.includes(part))) {
    env.LOOPSCOPE_CHROMIUM = ensureChromium();
    await buildSite();
    env.LOOPSCOPE_STDLIB = byteCode();
  }
  // All of it goes faster on two cores; a chosen few start faster in one process.
  const workers = Math.min(cpus().length, 4);
  const spread =
    args.length || workers < 2 ? [] : ['-n', String(workers), '--dist', 'loadfile', '--no-loadscope-reorder'];
  step('pytest');
  const paths = folders.map((part) => `tests/${part}`);
  if (has('py')) paths.unshift('web/lessons'); // the proofs of what the lessons claim stand beside them
  become(python, ['-m', 'pytest', ...paths, ...spread, ...args], env);
});

/** The standard library that the site runs: Pyodide on Node starts from it in a third of the time. */
function byteCode() {
  const [folder = ''] = readdirSync(join(dist, 'runtime'));
  return join(dist, 'runtime', folder, 'stdlib.zip');
}

/** @param {string} python */
function check(python) {
  step('Types: TypeScript');
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  for (const project of ['tsconfig.json', 'tests/web/tsconfig.json', 'tsconfig.node.json']) {
    run(process.execPath, [tsc, '-p', project]);
  }
  step('Types: Python');
  run(python, ['-m', 'mypy']);
  step('Imports');
  run(python, ['scripts/check_imports.py']);
}
