/**
 * zlib streams whose blocks are all stored: nothing is smaller for it, and they are opened several times as fast.
 *
 *     78 01 │ last, length, ~length │ bytes │ last, length, ~length │ bytes │ … │ Adler-32 of all bytes
 *       2              5              ≤ 65535            5                            4
 */
import type { Pieces } from './deflate';

const HEAD = 2;
const BLOCK_HEAD = 5;
const SUM = 4;
const BLOCK = 0xffff;
/** Adler-32: bytes that can be added up before a sum outgrows 31 bits, and what sums are taken modulo. */
const BYTES = 3800;
const PRIME = 65521;

/** Bytes by which `isStored` knows. */
export const TOLD_BY = HEAD + 1;

/** What the pieces hold, as such a stream. */
export function stored(pieces: Iterable<Uint8Array<ArrayBuffer>>): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = [Uint8Array.of(0x78, 0x01)];
  const sum = new Adler();
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += BLOCK) {
      const part = piece.subarray(at, at + BLOCK);
      const { length } = part;
      parts.push(Uint8Array.of(0, length, length >> 8, ~length, ~length >> 8), part);
    }
    sum.add(piece);
  }
  const end = new Uint8Array(SUM);
  new DataView(end.buffer).setUint32(0, sum.value);
  parts.push(Uint8Array.of(1, 0, 0, 0xff, 0xff), end);
  return new Blob(parts);
}

/** Whether a zlib stream begins with a stored block, by its first bytes. */
export function isStored(begin: Uint8Array): boolean {
  return begin.length >= TOLD_BY && ((begin[HEAD] as number) & 6) === 0;
}

/** What such a stream holds, as it comes: parts of its pieces. Throws where it is damaged. */
export async function* unstored(pieces: Pieces): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const sum = new Adler();
  /** The bytes that tell of the stream, of a block or of its end, which are told apart by how many they are. */
  const head = new DataView(new ArrayBuffer(BLOCK_HEAD));
  let wanted = HEAD;
  let here = 0;
  /** Bytes of a block that are to come. */
  let left = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      if (left > 0) {
        const part = piece.subarray(at, at + left);
        at += part.length;
        left -= part.length;
        sum.add(part);
        yield part;
        continue;
      }
      // Nothing is wanted: there is more than there should be.
      if (wanted === 0) throw new Damaged();
      head.setUint8(here++, piece[at++] as number);
      if (here < wanted) continue;
      here = 0;
      if (wanted === HEAD) {
        if (head.getUint16(0) % 31 !== 0) throw new Damaged();
        wanted = BLOCK_HEAD;
      } else if (wanted === BLOCK_HEAD) {
        left = lengthOf(head);
        wanted = head.getUint8(0) & 1 ? SUM : BLOCK_HEAD;
      } else {
        if (head.getUint32(0) !== sum.value) throw new Damaged();
        wanted = 0;
      }
    }
  }
  if (wanted !== 0) throw new Damaged();
}

/** Of a block, by its head. */
function lengthOf(head: DataView): number {
  const length = head.getUint16(1, true);
  if (head.getUint8(0) > 1 || (length ^ head.getUint16(3, true)) !== BLOCK) throw new Damaged();
  return length;
}

class Damaged extends Error {}

class Adler {
  private low = 1;
  private high = 0;

  add(bytes: Uint8Array): void {
    let { low, high } = this;
    const { length } = bytes;
    for (let at = 0; at < length; ) {
      const stop = Math.min(length, at + BYTES);
      for (; at < stop; at++) {
        low = (low + (bytes[at] as number)) | 0;
        high = (high + low) | 0;
      }
      low %= PRIME;
      high %= PRIME;
    }
    this.low = low;
    this.high = high;
  }

  get value(): number {
    return ((this.high << 16) | this.low) >>> 0;
  }
}
