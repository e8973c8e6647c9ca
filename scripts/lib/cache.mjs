// Expensive results, kept in build/cache until an input changes. Those that are wanted at a time are made at a time.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { cache, hash } from './paths.mjs';

const brotli = promisify(brotliCompress);

/** Brotli's qualities: the best takes 4 s a MB, the other a fortieth of it, and is a tenth larger. */
export const BEST = 11;
export const QUICK = 9;

/** What is being made, by its folder. @type {Map<string, Promise<string>>} */
const making = new Map();

/**
 * A folder made once for its inputs. It gets its name when it is complete, so an interrupted build leaves nothing
 * that looks finished.
 * @param {string} name
 * @param {(string | Uint8Array)[]} inputs
 * @param {(folder: string) => unknown} make
 * @param {number} [quality] of its Brotli twins
 * @returns {Promise<string>}
 */
export function cached(name, inputs, make, quality = BEST) {
  const folder = join(cache, `${name}-${hash(...inputs, String(quality))}`);
  const before = making.get(folder);
  if (before || existsSync(folder)) return before ?? Promise.resolve(folder);
  if (name === 'runtime') console.log('Compiling and compressing Python; this takes half a minute, once.');
  const made = fill(folder, make, quality).finally(() => making.delete(folder));
  making.set(folder, made);
  return made;
}

/** @param {string} folder @param {(folder: string) => unknown} make @param {number} quality */
async function fill(folder, make, quality) {
  const draft = `${folder}.${process.pid}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  await make(draft);
  await Promise.all(readdirSync(draft).map((file) => compress(join(draft, file), quality)));
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another build was faster, and made the same.
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true });
  }
  return folder;
}

/** Write a Brotli twin beside a file where that saves something. @param {string} file @param {number} quality */
async function compress(file, quality) {
  const bytes = readFileSync(file);
  if (bytes.length < 1024 || file.endsWith('.br')) return;
  const small = await brotli(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  if (small.length < bytes.length * 0.95) writeFileSync(`${file}.br`, small);
}
