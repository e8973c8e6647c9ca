/**
 * What stands at the rows. Siblings have one form of name: the full one where all of them have room for it, else the
 * short one. Where even that is too long its middle is cut out, because names of one kind differ at their ends:
 *
 *     fetch (Task-3)    4 steps          fetch 3  4 steps          a long na… 3  4 steps
 *     fetch (Task-4)   12 steps          fetch 4 12 steps          a long na… 4 12 steps
 */
import { trackLabel } from '../trace/describe';
import { foldWords, isFold } from '../trace/folds';
import { shortLabel } from '../trace/short';
import { LOOP_TRACK, type Tracks } from '../trace/tracks';
import type { TreeRow } from '../trace/tree';
import type { Px } from './layout';

/** Of more rows not all are asked whether they have room. */
const MANY = 300;

/** What a name of a row is cut to. */
export interface Room {
  of(row: TreeRow): Px;
  wide(text: string): Px;
  /** As much of a text as there is room for. */
  cut(text: string, room: Px): string;
}

/** The name that stands at a row. */
export function namesFor(tracks: Tracks, { of, wide, cut }: Room): (row: TreeRow) => string {
  const tree = tracks.tree();
  const full = (row: TreeRow): string =>
    isFold(row) ? foldWords(row.children) : trackLabel(tracks, row.track);
  const isName = (row: TreeRow): boolean => row.track !== LOOP_TRACK && !isFold(row);
  const short = new Set<number>();
  if (tree.length <= MANY) {
    for (const row of tree)
      if (isName(row) && !short.has(row.depth) && wide(full(row)) > of(row)) short.add(row.depth);
  }
  return (row) => {
    const label = full(row);
    if (isFold(row)) return label;
    const brief = tree.length > MANY || short.has(row.depth);
    return cut(isName(row) && brief ? shortLabel(label) : label, of(row));
  };
}
