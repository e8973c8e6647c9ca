/** Short forms of names, where there is little room. Twins stay apart in them. */

/** Letters of a name's end, at most. */
const TAIL = 7;

/** The end of a name that must not be cut off: its number, or else its last part. */
export function tailOf(name: string): string {
  const number = /[\s_-]*\d{1,6}$/.exec(name)?.[0];
  return number ?? name.slice(name.length - Math.min(TAIL, Math.floor(name.length / 3)));
}

/** A name of at most so many letters, what is too much cut out of its middle: 'a long na… 12'. */
export function shortName(name: string, most: number): string {
  if (name.length <= most) return name;
  const tail = tailOf(name);
  const head = Math.max(1, most - tail.length - 1);
  return `${name.slice(0, head).trimEnd()}…${tail}`;
}
