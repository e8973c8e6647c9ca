/**
 * Finds tasks by words: of their names, of what became of them, of what they ever waited for, as bars and legend call it;
 * 'line 12' by a line they were suspended on. All words have to be found.
 */
import { outcome, trackLabel } from './describe';
import { awaitedName, ownSite, stateAfter, waitWords } from './reason';
import { How, Kind } from './trace';
import type { Tracks } from './tracks';

/** More than there are ids of locks and queues in a trace. */
const MANY = 2 ** 26;
const LINE = /\bline[\s:]*(\d+)/g;

/** A test of tracks; undefined: an empty filter, which all pass. */
export function matcher(tracks: Tracks, filter: string): ((track: number) => boolean) | undefined {
  const lines = [...filter.matchAll(LINE)].map((found) => Number(found[1]));
  const words = filter.toLowerCase().replace(LINE, ' ').split(/\s+/).filter(Boolean);
  if (lines.length + words.length === 0) return undefined;
  return (track) => {
    const text = [trackLabel(tracks, track), outcome(tracks, track)];
    const stood = new Set<number>();
    const seen = new Set<number>();
    const { trace } = tracks;
    for (const step of tracks.stepsOf(track)) {
      const how = trace.how.at(step);
      if (how !== How.SUSPENDED && how !== How.YIELDED) continue;
      // Of one line and one lock or queue: how long it sleeps may differ.
      const place = trace.chain.at(step) * MANY + trace.aux.at(step);
      if (trace.kind.at(step) !== Kind.STEP || seen.has(place)) continue;
      seen.add(place);
      const { kind = '', label = '' } = trace.chains.get(trace.chain.at(step)) ?? {};
      text.push(kind, label, awaitedName(trace, step), waitWords(stateAfter(trace, step), label));
      stood.add(ownSite(trace, step)?.line ?? 0);
    }
    const all = text.join(' ').toLowerCase();
    return lines.every((line) => stood.has(line)) && words.every((word) => all.includes(word));
  };
}
