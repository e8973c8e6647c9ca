/**
 * Segments at hand: where the segments of a block begin and what they are, worked out once and kept while there is room. Most
 * of what a picture shows was in the picture before.
 */

/** Blocks whose memory is allocated together: as many as there are, within these bounds. */
const FEWEST = 4;
const MOST = 64;

export interface Block {
  readonly xs: Float64Array;
  readonly states: Uint8Array;
  /** Where the block's first segment lies in them. */
  readonly at: number;
  /** Its number on its line. */
  number: number;
  /** The scale's beta and the line's stamp at which it was worked out; stamp -1: it holds for ever. */
  beta: number;
  stamp: number;
  /** Where the block after it begins; NaN: that may change. */
  end: number;
  /** Who has it. */
  owner: Map<number, Block>;
}

export class Blocks {
  private readonly all: Block[] = [];
  private next = 0;
  /** Memory for the next blocks, and how much of it is taken. */
  private taken = 0;
  private xs = new Float64Array(0);
  private states = new Uint8Array(0);

  /** `size`: segments in a block; `most`: blocks kept. */
  constructor(
    readonly size: number,
    private readonly most: number,
  ) {}

  /** A block to write into; when there are enough, the one that was written longest ago. */
  take(owner: Map<number, Block>, number: number): Block {
    const block = this.all.length < this.most ? this.make(owner) : (this.all[this.next] as Block);
    this.next = (this.next + 1) % this.most;
    if (block.owner.get(block.number) === block) block.owner.delete(block.number);
    block.owner = owner;
    block.number = number;
    owner.set(number, block);
    return block;
  }

  private make(owner: Map<number, Block>): Block {
    if (this.taken === this.xs.length) {
      const slab = Math.min(MOST, Math.max(FEWEST, this.all.length)) * this.size;
      this.xs = new Float64Array(slab);
      this.states = new Uint8Array(slab);
      this.taken = 0;
    }
    const { xs, states, taken: at } = this;
    this.taken += this.size;
    const block = { xs, states, at, number: -1, beta: 0, stamp: 0, end: NaN, owner };
    this.all.push(block);
    return block;
  }
}
