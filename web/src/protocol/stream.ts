/** Frames out of bytes that come piece by piece: each as soon as it is whole, so that what is long is read while it comes. */
import { decodeFrame, type Frame, frameBytes, unfinished } from './decode';
import { PACKED } from './generated';

export class FrameStream {
  /** The begin of a frame whose length is not known yet. */
  private readonly head = new Uint8Array(PACKED.HEADER_BYTES);
  /** The frame that is being filled; undefined: its begin is. */
  private frame: Uint8Array<ArrayBuffer> | undefined;
  private filled = 0;

  /** `most`: bytes there are in all, or more: a frame that is longer can't come to its end. */
  constructor(private readonly most: number) {}

  /** The frames that are whole with these bytes. Throws TraceFormatError for what is none. */
  *take(bytes: Uint8Array): Generator<Frame> {
    for (let at = 0; at < bytes.length; ) {
      const into = this.frame ?? this.head;
      const more = Math.min(bytes.length - at, into.length - this.filled);
      into.set(bytes.subarray(at, at + more), this.filled);
      this.filled += more;
      at += more;
      const { filled } = this;
      if (!this.frame) {
        const length = frameBytes(this.head.subarray(0, filled));
        if (length === undefined) continue;
        if (length > this.most) throw unfinished();
        this.frame = new Uint8Array(length);
        // The shortest frame is shorter than what is read to know its length.
        const begin = Math.min(length, filled);
        this.frame.set(this.head.subarray(0, begin));
        this.filled = begin;
        at -= filled - begin;
      }
      const { frame } = this;
      if (this.filled < frame.length) continue;
      this.frame = undefined;
      this.filled = 0;
      yield decodeFrame(frame.buffer, 0, frame.length);
    }
  }

  /** Nothing more comes. Throws TraceFormatError in the midst of a frame. */
  end(): void {
    if (this.filled > 0) throw unfinished();
  }
}
