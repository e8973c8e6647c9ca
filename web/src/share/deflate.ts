/** zlib streams by the browser's own means, within bounds. */

/** What is fed to the inflater at once: the more there may be, the more; what is too much is noticed early. */
const SLICE = (most: number): number => (most > 1 << 20 ? 1 << 16 : 512);

/** The pieces as one zlib stream. */
export async function deflate(pieces: Iterable<Uint8Array<ArrayBuffer>>): Promise<Blob> {
  const stream = new CompressionStream('deflate');
  const done = new Response(stream.readable).blob();
  const writer = stream.writable.getWriter();
  for (const piece of pieces) await writer.write(piece);
  await writer.close();
  return done;
}

/** The same as it is, in a zlib stream's own words: nothing is smaller, and it is opened several times as fast. */
export function stored(pieces: Iterable<Uint8Array<ArrayBuffer>>): Blob {
  // Method and window; no dictionary, no compression.
  const parts: Uint8Array<ArrayBuffer>[] = [Uint8Array.of(0x78, 0x01)];
  let [low, high] = [1, 0];
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += BLOCK) {
      const part = piece.subarray(at, at + BLOCK);
      const { length } = part;
      parts.push(Uint8Array.of(0, length, length >> 8, ~length, ~length >> 8), part);
    }
    [low, high] = adler([low, high], piece);
  }
  const sum = new Uint8Array(4);
  new DataView(sum.buffer).setUint32(0, ((high << 16) | low) >>> 0);
  parts.push(Uint8Array.of(1, 0, 0, 0xff, 0xff), sum);
  return new Blob(parts);
}

/** Of a stored block. */
const BLOCK = 0xffff;
/** Adler-32: bytes that can be added up before a sum outgrows 32 bits, and what sums are taken modulo. */
const BYTES = 5552;
const PRIME = 65521;

function adler([low, high]: [number, number], bytes: Uint8Array): [number, number] {
  for (let at = 0; at < bytes.length; at += BYTES) {
    const stop = Math.min(bytes.length, at + BYTES);
    for (let k = at; k < stop; k++) {
      low += bytes[k] as number;
      high += low;
    }
    low %= PRIME;
    high %= PRIME;
  }
  return [low, high];
}

/** More came out of a zlib stream than was to be. */
export class TooMuch extends Error {}

/** What comes piece by piece. */
export type Pieces = AsyncIterable<Uint8Array<ArrayBuffer>>;

/** A file's bytes, as it is read. */
export async function* piecesOf(file: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  // Not every engine can go through a stream with a loop of its own.
  const reader = file.stream().getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

/** What a zlib stream holds, piece by piece. Throws TooMuch beyond `most` bytes, and something else where it is damaged. */
export async function* inflated(pieces: Pieces, most: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const stream = new DecompressionStream('deflate');
  const writer = stream.writable.getWriter();
  const slice = SLICE(most);
  const feed = async (): Promise<void> => {
    for await (const piece of pieces)
      for (let at = 0; at < piece.length; at += slice) await writer.write(piece.subarray(at, at + slice));
    await writer.close();
  };
  // The reader sees the same failure; nobody else waits for this one.
  feed().catch((problem: unknown) => writer.abort(problem).catch(() => {}));
  const reader = stream.readable.getReader();
  let filled = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      filled += part.value.length;
      if (filled > most) throw new TooMuch();
      yield part.value;
    }
  } finally {
    // Of who has had enough.
    reader.cancel().catch(() => {});
  }
}

/** What a zlib stream holds, up to `most` bytes; or what is wrong with it. */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | 'damaged' | 'too large'> {
  const out = new Uint8Array(most);
  let filled = 0;
  try {
    for await (const piece of inflated(piecesOf(new Blob([bytes])), most)) {
      out.set(piece, filled);
      filled += piece.length;
    }
  } catch (problem) {
    return problem instanceof TooMuch ? 'too large' : 'damaged';
  }
  return out.subarray(0, filled);
}
