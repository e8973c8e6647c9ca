/** Cells of a trace's rows, many at a time: for who goes through all of them. */
import { PACKED } from '../protocol/generated';
import { CHUNK } from './columns';

const { kind, how, flags, subject, by, aux, chain, waits } = PACKED.COLUMN;
/** Columns that can be read so. */
const COLUMNS = { kind, how, flags, subject, by, aux, chain, waits };
type Head = keyof typeof COLUMNS;
const NOTHING = new Int32Array(0);

/** A column that was asked for, and where it goes. */
interface Wanted {
  column: number;
  cells: Int32Array;
}

/** Cells of many rows, column by column: those of the columns that were asked for. */
export class Heads {
  readonly kind: Int32Array;
  readonly how: Int32Array;
  readonly flags: Int32Array;
  readonly subject: Int32Array;
  readonly by: Int32Array;
  readonly aux: Int32Array;
  readonly chain: Int32Array;
  readonly waits: Int32Array;
  readonly wanted: readonly Wanted[];
  /** What is there: of which trace, rows and columns (a bit each). */
  trace = 0;
  from = 0;
  count = 0;
  columns = 0;

  constructor(...names: Head[]) {
    const cells = (name: Head) => (names.includes(name) ? new Int32Array(CHUNK) : NOTHING);
    this.kind = cells('kind');
    this.how = cells('how');
    this.flags = cells('flags');
    this.subject = cells('subject');
    this.by = cells('by');
    this.aux = cells('aux');
    this.chain = cells('chain');
    this.waits = cells('waits');
    this.wanted = this.only(...names);
  }

  /** Some of its columns. */
  only(...names: Head[]): readonly Wanted[] {
    return names.map((name) => ({ column: COLUMNS[name], cells: this[name] }));
  }
}

/** The rows that are being taken in: whoever takes them in after another one finds them read. */
export const TAKEN = new Heads('kind', 'how', 'flags', 'subject', 'by', 'aux', 'chain', 'waits');
