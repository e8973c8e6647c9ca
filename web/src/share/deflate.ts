/** zlib streams by the browser's own means, within bounds. */

/** What is fed to the inflater at once: it inflates to 66 MB at most, so that a bomb is noticed early. */
const SLICE = 1 << 16;

/** The pieces as one zlib stream. */
export async function deflate(pieces: Iterable<Uint8Array<ArrayBuffer>>): Promise<Blob> {
  const stream = new CompressionStream('deflate');
  const done = new Response(stream.readable).blob();
  const writer = stream.writable.getWriter();
  for (const piece of pieces) await writer.write(piece);
  await writer.close();
  return done;
}

/** The contents of a zlib stream that holds exactly `size` bytes; undefined for anything else. */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  // Deflate packs at most 1032 bytes into one.
  if (size > bytes.length * 1032) return undefined;
  const stream = new DecompressionStream('deflate');
  const writer = stream.writable.getWriter();
  const feed = async (): Promise<void> => {
    for (let at = 0; at < bytes.length; at += SLICE) await writer.write(bytes.subarray(at, at + SLICE));
    await writer.close();
  };
  // The reader sees the same failure; nobody else waits for this one.
  feed().catch(() => {});
  const out = new Uint8Array(size);
  const reader = stream.readable.getReader();
  let filled = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return filled === size ? out : undefined;
      if (filled + value.length > size) break;
      out.set(value, filled);
      filled += value.length;
    }
  } catch {
    return undefined;
  }
  reader.cancel().catch(() => {});
  writer.abort().catch(() => {});
  return undefined;
}
