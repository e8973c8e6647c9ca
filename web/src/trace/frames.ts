/** The frames of an event's chain: where a task stands, from its outermost function to the innermost await. */
import type { EventIndex, Trace } from './trace';

export interface Frame {
  /** The function's name: 'main', 'Client.fetch'. */
  name: string;
  /** The program's line; undefined in library code. */
  line: number | undefined;
  own: boolean;
}

/** Outermost first. Empty: unknown. */
export function framesOf(trace: Trace, event: EventIndex): Frame[] {
  const chain = trace.chains.get(trace.chain.at(event));
  return (chain?.sites ?? []).flatMap((number) => {
    const site = trace.sites.get(number);
    const code = site && trace.codes.get(site.code);
    if (!code) return [];
    const name = code.name.split('<locals>.').at(-1) ?? '';
    return [{ name, line: code.own ? site.line : undefined, own: code.own }];
  });
}

/** 'line 8'; within a function that was called or awaited: 'line 8 of query, awaited by main at line 14'. */
export function placeWords(trace: Trace, event: EventIndex, verb: 'awaited' | 'called'): string {
  const frames = framesOf(trace, event);
  while (frames.length && !frames.at(-1)?.own) frames.pop();
  const inner = frames.pop();
  if (!inner) return '';
  const outer: string[] = [];
  let through = '';
  for (const { name, line, own } of frames.reverse()) {
    // A library function that awaits the program's own code, like wait_for.
    if (!own) through = /^[a-z]\w*$/.test(name) ? ` through ${name}` : through;
    else {
      outer.push(`by ${name}${through} at line ${line}`);
      through = '';
    }
  }
  if (outer.length === 0) return `line ${inner.line}`;
  const shown = outer.length > 3 ? [outer[0], `by ${outer.length - 2} more`, outer.at(-1)] : outer;
  return `line ${inner.line} of ${inner.name}, ${verb} ${shown.join(', ')}`;
}
