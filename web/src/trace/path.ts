/** The critical path as it is told: turns of one task, one after the other, as one link. */
import { counted } from './counted';
import { duration } from './reason';
import type { Link, Seconds, Trace } from './trace';

/** A turn that takes this long is told by itself. */
const SHORT: Seconds = 1e-3;
/** So many turns are told one by one. */
const FEW = 3;

const RUNS = /^(.+) runs for \S+ m?µ?s(?: from line \d+)?; nobody else has a turn\.$/;
const READY = /^(.+) is ready, and waits \S+ m?µ?s for its turn(?: behind .+)?\.$/;

/** The links, with neighbours that are short turns of one task merged: 'poll takes 401 turns, about 10 µs each.' */
export function pathLinks({ path }: Trace): Link[] {
  const links: Link[] = [];
  for (let i = 0; i < path.length; ) {
    const first = path[i] as Link;
    const who = turnOf(first);
    let k = i + 1;
    while (who && k < path.length && turnOf(path[k] as Link) === who) k++;
    const same = path.slice(i, Math.max(k, i + 1));
    const ran = same.filter(({ text }) => RUNS.test(text)).length;
    const turns = Math.max(ran, same.length - ran);
    if (who && turns > FEW) {
      const end = (same.at(-1) as Link).end;
      const each = duration(Number(((end - first.begin) / turns).toPrecision(2)));
      links.push({ ...first, end, text: `${who} takes ${counted(turns)} turns, about ${each} each.` });
    } else links.push(...same);
    i += same.length;
  }
  return links;
}

/** Whose short turn a link is, or the waiting for it; '': it is something else. */
function turnOf({ begin, end, text }: Link): string {
  if (end - begin >= SHORT) return '';
  return (RUNS.exec(text) ?? READY.exec(text))?.[1] ?? '';
}
