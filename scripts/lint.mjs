// npm run lint: ruff and Biome over everything; npm run format (--fix) repairs what they can.

import { ensurePackages } from './lib/npm.mjs';
import { ensureVenv } from './lib/python.mjs';
import { main, Problem, run, step } from './lib/run.mjs';

const biome = 'node_modules/@biomejs/biome/bin/biome';

main(() => {
  ensurePackages();
  const python = ensureVenv();
  const fix = process.argv.includes('--fix');
  /** @type {[string, string, string[]][]} */
  const tools = [
    ['ruff check', python, ['-m', 'ruff', 'check', ...(fix ? ['--fix'] : []), '.']],
    ['ruff format', python, ['-m', 'ruff', 'format', ...(fix ? [] : ['--check']), '.']],
    ['Biome', process.execPath, [biome, 'check', '--error-on-warnings', ...(fix ? ['--write'] : []), '.']],
  ];
  const failed = tools.filter(([title, command, args]) => {
    step(title);
    try {
      run(command, args);
      return false;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return true;
    }
  });
  if (failed.length) {
    throw new Problem(
      `${failed.map(([title]) => title).join(', ')} found something (see above). npm run format repairs most of it.`,
    );
  }
});
