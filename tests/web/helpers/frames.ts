/** Writes real frames of the wire, row by row: what tests read goes through the decoder like a run's own batches. */
import { decodeFrames, type Meta, RowReader } from '../../../web/src/protocol/decode';
import {
  COLUMN,
  HEADER_BYTES,
  How,
  Kind,
  MAGIC,
  ROW_BYTES,
  VERSION,
} from '../../../web/src/protocol/generated';
import { Trace } from '../../../web/src/trace/trace';

type Cells = Partial<Record<Exclude<keyof typeof COLUMN, 'kind'>, number>>;

export interface RowOptions extends Cells {
  how?: number;
  flags?: number;
}

type Word = { word: number } & Cells;

/** Rows not yet taken, and the tables they refer to. */
export class FrameWriter {
  /** Rows written so far, taken ones included: the index of the next. */
  count = 0;
  private rows: Word[] = [];
  private meta: Required<Pick<Meta, 'strings' | 'codes' | 'sites' | 'chains'>> = empty();
  private readonly texts = new Map<string, number>();
  private ids = 0;

  row(kind: number, { how = 0, flags = 0, ...cells }: RowOptions = {}): number {
    this.rows.push({ word: kind | (how << 8) | (flags << 16), ...cells });
    return this.count++;
  }

  text(text: string): number {
    let id = this.texts.get(text);
    if (id === undefined) {
      id = this.texts.size + 1;
      this.texts.set(text, id);
      this.meta.strings.push([id, text]);
    }
    return id;
  }

  /** A chain with one frame of the program's own: function `name`, suspended at `line`. */
  chain(name: string, line: number, kind = '', label = ''): number {
    const id = ++this.ids;
    this.meta.codes.push([id, name, 'main.py', 1, 1]);
    this.meta.sites.push([id, id, line, line, 0, 10]);
    this.meta.chains.push([id, [id], kind, label]);
    return id;
  }

  /** The rows since the last frame, as bytes. */
  take(more: Partial<Meta> = {}): ArrayBuffer {
    const text = new TextEncoder().encode(JSON.stringify({ ...this.meta, ...more }));
    const body = HEADER_BYTES + Math.ceil(text.length / 8) * 8;
    const buffer = new ArrayBuffer(body + this.rows.length * ROW_BYTES);
    const view = new DataView(buffer);
    [MAGIC, text.length, this.rows.length, VERSION].forEach((n, i) => {
      view.setUint32(i * 4, n, true);
    });
    const bytes = new Uint8Array(buffer, 0, body);
    bytes.fill(32, HEADER_BYTES);
    bytes.set(text, HEADER_BYTES);
    this.rows.forEach(({ word, ...cells }, r) => {
      const start = body + r * ROW_BYTES;
      for (const [name, value] of Object.entries({ ...cells, kind: word })) {
        const { array, at } = COLUMN[name as keyof typeof COLUMN];
        if (array === 'f64') view.setFloat64(start + at * 8, value, true);
        else if (array === 'f32') view.setFloat32(start + at * 4, value, true);
        else view.setInt32(start + at * 4, value, true);
      }
    });
    this.rows = [];
    this.meta = empty();
    return buffer;
  }

  /** Appends what was written since the last frame. */
  feed(trace: Trace, more?: Partial<Meta>): void {
    for (const frame of decodeFrames(this.take(more))) trace.append(frame);
  }

  trace(): Trace {
    const trace = new Trace();
    this.feed(trace);
    return trace;
  }
}

function empty(): Required<Pick<Meta, 'strings' | 'codes' | 'sites' | 'chains'>> {
  return { strings: [], codes: [], sites: [], chains: [] };
}

/** Rows of a trace as the wire has them. */
export function rowsOf(trace: Trace, from: number, to: number): RowReader {
  const reader = new RowReader(new ArrayBuffer((to - from) * ROW_BYTES), 0, to - from);
  for (let i = from; i < to; i++) {
    for (const name of Object.keys(COLUMN) as (keyof typeof COLUMN)[]) {
      const { array, at } = COLUMN[name];
      const column = trace[name === 'ready_seq' ? 'readySeq' : name];
      const value =
        name === 'kind'
          ? trace.kind.at(i) | (trace.how.at(i) << 8) | (trace.flags.at(i) << 16)
          : column.at(i);
      reader[array][((i - from) * ROW_BYTES) / (array === 'f64' ? 8 : 4) + at] = value;
    }
  }
  return reader;
}

export { How, Kind };
