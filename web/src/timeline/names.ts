/** What stands at the rows. Where there is no room for a name its middle is cut out: see `shortenMiddle`. */
import { trackLabel } from '../trace/describe';
import { foldWords, isFold } from '../trace/folds';
import type { Tracks } from '../trace/tracks';
import type { TreeRow } from '../trace/tree';

export function nameOf(tracks: Tracks, row: TreeRow): string {
  return isFold(row) ? foldWords(row.children) : trackLabel(tracks, row.track);
}
