// The site's service worker: web/offline/sw.js with the list of the files that it keeps.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash, readTree, root } from './lib/paths.mjs';

const name = 'sw.js';
/** What is not kept: the worker itself, compressed twins, what only a server answers. */
const left = /^(sw\.js|404\.html)$|\.br$/;

/** Writes sw.js into a folder that holds the whole site otherwise. @param {string} folder */
export function writeServiceWorker(folder) {
  const source = readFileSync(join(root, 'web/offline', name), 'utf8');
  const files = Object.fromEntries(
    readTree(folder, (path) => !left.test(path)).map(([path, bytes]) => [
      path,
      createHash('sha256').update(bytes).digest('base64'),
    ]),
  );
  const list = JSON.stringify(files);
  const head = `const VERSION = '${hash(source, list)}';\nconst FILES = ${list};\n`;
  writeFileSync(join(folder, name), head + source);
}
