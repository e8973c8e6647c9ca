// Reading and writing WebAssembly's binary format: numbers, names, vectors, sections.

/** @param {Uint8Array} module @returns {{ id: number, bytes: Uint8Array }[]} */
export function sections(module) {
  const r = new Reader(module, 8);
  const found = [];
  while (r.at < module.length) {
    const id = r.byte();
    found.push({ id, bytes: r.bytes(r.u32()) });
  }
  return found;
}

export class Reader {
  /** @param {Uint8Array} source @param {number} [at] */
  constructor(source, at = 0) {
    this.source = source;
    this.at = at;
  }

  byte() {
    return /** @type {number} */ (this.source[this.at++]);
  }

  u32() {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.byte();
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  }

  s32() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return shift < 25 && byte & 64 ? value | (-128 << shift) : value;
    }
  }

  /** Passes over a number of any size. */
  s64() {
    while (this.byte() >= 128);
  }

  /** @param {number} count */
  bytes(count) {
    this.at += count;
    return this.source.subarray(this.at - count, this.at);
  }

  name() {
    return new TextDecoder().decode(this.bytes(this.u32()));
  }

  /** How long the limits of a table or memory are that stand here, after so many other bytes. @param {number} before */
  limits(before) {
    const r = new Reader(this.source, this.at + before);
    const flags = r.byte();
    r.u32();
    if (flags & 1) r.u32();
    return r.at - this.at;
  }
}

export class Writer {
  #bytes = new Uint8Array(1024);
  #length = 0;

  done() {
    return this.#bytes.subarray(0, this.#length);
  }

  /** @param {Uint8Array} bytes */
  put(bytes) {
    const wanted = this.#length + bytes.length;
    if (wanted > this.#bytes.length) {
      const more = new Uint8Array(Math.max(wanted, this.#bytes.length * 2));
      more.set(this.done());
      this.#bytes = more;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = wanted;
    return this;
  }

  /** @param {number} byte */
  byte(byte) {
    return this.put(Uint8Array.of(byte));
  }

  /** @param {number} value */
  u32(value) {
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) this.byte((left & 127) | 128);
    return this.byte(left);
  }

  /** @param {number} value */
  s32(value) {
    let left = value;
    for (; left >= 64 || left < -64; left >>= 7) this.byte((left & 127) | 128);
    return this.byte(left & 127);
  }

  /** @param {string} name */
  name(name) {
    return this.sized(new TextEncoder().encode(name));
  }

  /** @param {Uint8Array} bytes */
  sized(bytes) {
    return this.u32(bytes.length).put(bytes);
  }

  /** @template T @param {readonly T[]} entries @param {(w: Writer, entry: T, k: number) => void} write */
  vector(entries, write) {
    this.u32(entries.length);
    for (const [k, entry] of entries.entries()) write(this, entry, k);
    return this;
  }

  /** @param {number} id @param {Uint8Array} bytes */
  section(id, bytes) {
    return this.byte(id).sized(bytes);
  }
}
