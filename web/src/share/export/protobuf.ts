/** As much of Protocol Buffers' encoding as a trace needs: fields are written one after another, messages as bytes. */
export class Writer {
  private bytes = new Uint8Array(256);
  private size = 0;

  /** A number of 0 … 2^53, as a varint. */
  number(field: number, value: number): this {
    this.varint(field * 8);
    this.varint(value);
    return this;
  }

  fixed64(field: number, value: number): this {
    this.varint(field * 8 + 1);
    this.reserve(8);
    const view = new DataView(this.bytes.buffer);
    view.setUint32(this.size, value % 2 ** 32, true);
    view.setUint32(this.size + 4, value / 2 ** 32, true);
    this.size += 8;
    return this;
  }

  double(field: number, value: number): this {
    this.varint(field * 8 + 1);
    this.reserve(8);
    new DataView(this.bytes.buffer).setFloat64(this.size, value, true);
    this.size += 8;
    return this;
  }

  text(field: number, value: string): this {
    return this.raw(field, encoder.encode(value));
  }

  message(field: number, value: Writer): this {
    return this.raw(field, value.bytes.subarray(0, value.size));
  }

  get length(): number {
    return this.size;
  }

  /** What was written, and an empty writer again. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.bytes.slice(0, this.size);
    this.size = 0;
    return taken;
  }

  private raw(field: number, value: Uint8Array): this {
    this.varint(field * 8 + 2);
    this.varint(value.length);
    this.reserve(value.length);
    this.bytes.set(value, this.size);
    this.size += value.length;
    return this;
  }

  private varint(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest >= 128) {
      this.bytes[this.size++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.size++] = rest;
  }

  private reserve(more: number): void {
    if (this.size + more <= this.bytes.length) return;
    const next = new Uint8Array(Math.max(this.size + more, this.bytes.length * 2));
    next.set(this.bytes.subarray(0, this.size));
    this.bytes = next;
  }
}

const encoder = new TextEncoder();
