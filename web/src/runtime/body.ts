/** The body of an answer, as long as it has at most so many bytes: a header may lie about its length. undefined: it has more. */
export async function readBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  most: number,
): Promise<ArrayBuffer | undefined> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  // Safari can't iterate over a stream.
  const reader = body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return new Blob(parts).arrayBuffer();
    size += value.length;
    if (size > most) {
      reader?.cancel().catch(() => {});
      return undefined;
    }
    parts.push(value);
  }
}
