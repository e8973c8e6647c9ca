// Expensive results, kept in build/cache until an input changes.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { cache, hash } from './paths.mjs';

/**
 * A folder made once for its inputs. It gets its name when it is complete, so an interrupted build leaves nothing
 * that looks finished.
 * @param {string} name
 * @param {(string | Uint8Array)[]} inputs
 * @param {(folder: string) => void} make
 * @param {number} [quality] of its Brotli twins; 11, the best, takes 4 s a MB
 */
export function cached(name, inputs, make, quality = 11) {
  const folder = join(cache, `${name}-${hash(...inputs, String(quality))}`);
  if (existsSync(folder)) return folder;
  if (name === 'runtime') console.log('Compiling and compressing Python; this takes a minute, once.');
  const draft = `${folder}.${process.pid}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  make(draft);
  for (const file of readdirSync(draft)) compress(join(draft, file), quality);
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
function compress(file, quality) {
  const bytes = readFileSync(file);
  if (bytes.length < 1024 || file.endsWith('.br')) return;
  const small = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  if (small.length < bytes.length * 0.95) writeFileSync(`${file}.br`, small);
}
