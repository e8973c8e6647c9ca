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
