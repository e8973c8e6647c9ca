// Where things are. Every script runs from any folder and finds the repository by its own place.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const dist = join(root, 'dist');
/** Everything made on the way and safe to delete. */
export const build = join(root, 'build');
export const cache = join(build, 'cache');

/**
 * A short content hash, good for file names and cache keys.
 * @param {...(string | Uint8Array)} parts
 */
export function hash(...parts) {
  const sha = createHash('sha256');
  for (const part of parts) {
    sha.update(`${part.length}:`);
    sha.update(part);
  }
  return sha.digest('hex').slice(0, 16);
}

/**
 * The files below a folder, sorted by path, as [path relative to the folder, bytes].
 * @param {string} folder
 * @param {(path: string) => boolean} [keep]
 * @returns {[string, Uint8Array][]}
 */
export function readTree(folder, keep = () => true) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter(keep)
    .sort()
    .map((path) => [path, readFileSync(join(folder, path))]);
}
