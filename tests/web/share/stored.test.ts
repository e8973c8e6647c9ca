import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isStored, stored, TOLD_BY, unstored } from '../../../web/src/share/stored';

/** The bytes in pieces of these lengths, which are gone through again and again. */
async function* cut(
  bytes: Uint8Array<ArrayBuffer>,
  lengths: number[],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const length = lengths[k % lengths.length] as number;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

async function read(bytes: Uint8Array<ArrayBuffer>, lengths = [1000]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of unstored(cut(bytes, lengths))) parts.push(part);
  return Buffer.concat(parts);
}

async function bytesOf(...pieces: Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await stored(pieces).arrayBuffer());
}

const some = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, k) => (k * k) >> 3);

describe('a stream of stored blocks', () => {
  test('is one of zlib, however its bytes came', async () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(lengths, async (pieces) => {
        const all = pieces.map(some);
        expect(inflateSync(await bytesOf(...all)).equals(Buffer.concat(all))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('is read as it was written, however it is cut', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 200_000 }), lengths, async (length, cuts) => {
        const bytes = some(length);
        expect((await read(await bytesOf(bytes), cuts)).equals(bytes)).toBe(true);
      }),
      { numRuns: 40 },
    );
    const bytes = some(100_000);
    expect((await read(Uint8Array.from(deflateSync(bytes, { level: 0 })))).equals(bytes)).toBe(true);
  });

  test('is told from a compressed one by its first bytes', async () => {
    expect(isStored((await bytesOf(some(10))).subarray(0, TOLD_BY))).toBe(true);
    for (const text of ['', 'a', '{"program":""}'])
      expect(isStored(deflateSync(text).subarray(0, TOLD_BY))).toBe(false);
  });

  test('is refused with any byte changed, missing or too many', async () => {
    const file = await bytesOf(some(40));
    for (let at = 0; at < file.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = file.slice();
        changed[at] = (changed[at] as number) ^ (1 << bit);
        await expect(read(changed)).rejects.toThrow();
      }
      await expect(read(file.slice(0, at))).rejects.toThrow();
    }
    await expect(read(Uint8Array.from([...file, 0]))).rejects.toThrow();
  });
});
