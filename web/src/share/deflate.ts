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

/** What a zlib stream holds, up to `most` bytes; or what is wrong with it. */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | 'damaged' | 'too large'> {
  const stream = new DecompressionStream('deflate');
  const writer = stream.writable.getWriter();
  const slice = SLICE(most);
  const feed = async (): Promise<void> => {
    for (let at = 0; at < bytes.length; at += slice) await writer.write(bytes.subarray(at, at + slice));
    await writer.close();
  };
  // The reader sees the same failure; nobody else waits for this one.
  feed().catch(() => {});
  const out = new Uint8Array(most);
  const reader = stream.readable.getReader();
  let filled = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return out.subarray(0, filled);
      if (filled + value.length > most) break;
      out.set(value, filled);
      filled += value.length;
    }
  } catch {
    return 'damaged';
  }
  reader.cancel().catch(() => {});
  writer.abort().catch(() => {});
  return 'too large';
}
