/** Frames come out whole, however the bytes that hold them come in. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, TraceFormatError } from '../../../web/src/protocol/decode';
import { FrameStream } from '../../../web/src/protocol/stream';
import { Trace } from '../../../web/src/trace/trace';
import { FrameWriter, Kind, rowsOf } from '../helpers/frames';

function written(): [Trace, Uint8Array] {
  const rows = new FrameWriter();
  const trace = new Trace();
  const parts: number[] = [];
  for (const count of [3, 0, 1, 40]) {
    for (let k = 0; k < count; k++) rows.row(Kind.IDLE, { t: k, end: k + 0.5 });
    rows.text(`text ${count}`);
    parts.push(...new Uint8Array(rows.take()));
  }
  const bytes = Uint8Array.from(parts);
  for (const frame of new FrameStream(1e6).take(bytes)) trace.append(frame);
  return [trace, bytes];
}

test('in pieces of any size', () => {
  const [trace, bytes] = written();
  expect([trace.count, trace.strings.size]).toEqual([44, 4]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 30 }), (sizes) => {
      const stream = new FrameStream(1e6);
      const again = new Trace();
      for (let at = 0, k = 0; at < bytes.length; k++) {
        const size = sizes[k % sizes.length] as number;
        for (const frame of stream.take(bytes.subarray(at, at + size))) again.append(frame);
        at += size;
      }
      stream.end();
      expect(rowsOf(again, 0, again.count)).toEqual(rowsOf(trace, 0, trace.count));
      expect(again.strings).toEqual(trace.strings);
    }),
  );
});

function read(stream: FrameStream, bytes: Uint8Array): Frame[] {
  const frames = [...stream.take(bytes)];
  stream.end();
  return frames;
}

test('one that stops within a frame, or is longer than may be, is refused', () => {
  const [, bytes] = written();
  expect(() => read(new FrameStream(1e6), bytes.subarray(0, bytes.length - 1))).toThrow(TraceFormatError);
  expect(() => read(new FrameStream(1e6), bytes.subarray(0, 7))).toThrow('in the middle of a frame');
  expect(() => read(new FrameStream(2000), bytes)).toThrow('in the middle of a frame');
  expect(() => read(new FrameStream(1e6), new Uint8Array(32))).toThrow('not a Loopscope trace');
});
