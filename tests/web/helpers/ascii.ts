/** Draws tracks as text, one character per column, so that a test can show what it expects. */
import { trackLabel } from '../../../web/src/trace/describe';
import { State } from '../../../web/src/trace/reason';
import type { Tracks } from '../../../web/src/trace/tracks';

const MARK: Record<State, string> = {
  [State.RUN]: '#',
  [State.READY]: '/',
  [State.SLEEP]: '-',
  [State.SYNC]: 's',
  [State.QUEUE]: 'q',
  [State.TASK]: '=',
  [State.IO]: 'i',
  [State.OTHER]: 'o',
  [State.NONE]: ' ',
};

/** Each column shows the state in its middle; `column` display seconds each. */
export function ascii(tracks: Tracks, column = tracks.scale.beta / 2): string {
  const columns = Math.round(tracks.scale.now() / column);
  return tracks
    .tree()
    .map(({ track, depth }) => {
      let line = '';
      for (let c = 0; c < columns; c++)
        line += MARK[tracks.at(track, (c + 0.5) * column)?.state ?? State.NONE];
      return `${`${'  '.repeat(depth)}${trackLabel(tracks, track)}`.padEnd(8)}|${line.trimEnd()}`;
    })
    .join('\n');
}
