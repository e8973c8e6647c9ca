/** What the page remembers of a person's taste, between visits. Where storage is refused it forgets, and all works. */

const PREFIX = 'loopscope ';

/** A remembered number; undefined: nothing usable is remembered. */
export function recall(name: string, least: number, most: number): number | undefined {
  try {
    const text = localStorage.getItem(PREFIX + name);
    const value = text === null || text === '' ? Number.NaN : Number(text);
    return value >= least && value <= most ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a number; undefined: forgets it. */
export function remember(name: string, value: number | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, String(value));
  } catch {
    // Refused or full: it is a convenience.
  }
}
