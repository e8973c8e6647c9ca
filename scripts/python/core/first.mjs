// Which functions of Pyodide's core come first: those that ran when first.txt was made (`npm run generate:core`), in programs of
// all kinds. A function that is missing there makes nothing wrong, only later: the rest of the core is waited for.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash, root } from '../../lib/paths.mjs';

export const LIST = join(root, 'scripts/python/core/first.txt');

/** Their indexes. Throws where the list was made for another core. @param {Uint8Array} core */
export function readWanted(core) {
  const [head = '', ...lines] = readFileSync(LIST, 'utf8').split('\n');
  if (!head.endsWith(` ${hash(core)}`))
    throw new Error(
      'scripts/python/core/first.txt was made for another Pyodide: `npm run generate:core` makes it anew.',
    );
  return new Set(lines.join(' ').split(/\s+/).filter(Boolean).map(Number));
}

/** The list's text. @param {Uint8Array} core @param {Iterable<number>} functions */
export function writeWanted(core, functions) {
  const lines = [`# Functions of Pyodide's core that come first, see first.mjs; the core: ${hash(core)}`];
  let line = '';
  for (const index of [...functions].sort((a, b) => a - b)) {
    if (line.length > 110) {
      lines.push(line);
      line = '';
    }
    line += line ? ` ${index}` : String(index);
  }
  return `${[...lines, line].join('\n')}\n`;
}
