/**
 * Finds tasks by words: of their names, of what became of them, of what they ever waited for; 'line 12' by a line they
 * were suspended on. All words have to be found.
 */
import { outcome, trackLabel } from './describe';
import { ownSite } from './reason';
import { How, Kind } from './trace';
import type { Tracks } from './tracks';

const LINE = /\bline[\s:]*(\d+)/g;

/** A test of tracks; undefined: an empty filter, which all pass. */
export function matcher(tracks: Tracks, filter: string): ((track: number) => boolean) | undefined {
  const lines = [...filter.matchAll(LINE)].map((found) => Number(found[1]));
  const words = filter.toLowerCase().replace(LINE, ' ').split(/\s+/).filter(Boolean);
  if (lines.length + words.length === 0) return undefined;
  const chains = new Map<number, { words: string; line: number }>();
  return (track) => {
    const text = [trackLabel(tracks, track), outcome(tracks, track)];
    const stood = new Set<number>();
    const seen = new Set<number>();
    const { trace } = tracks;
    for (const step of tracks.stepsOf(track)) {
      const chain = trace.chain.at(step);
      if (trace.kind.at(step) !== Kind.STEP || seen.has(chain)) continue;
      seen.add(chain);
      let found = chains.get(chain);
      if (!found) {
        const { kind = '', label = '' } = trace.chains.get(chain) ?? {};
        found = { words: `${kind} ${label}`, line: ownSite(trace, step)?.line ?? 0 };
        chains.set(chain, found);
      }
      if (trace.how.at(step) === How.SUSPENDED) text.push(found.words);
      stood.add(found.line);
    }
    const all = text.join(' ').toLowerCase();
    return lines.every((line) => stood.has(line)) && words.every((word) => all.includes(word));
  };
}
