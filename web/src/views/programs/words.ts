/** Words for the list of programs. */
import { counted } from '../../trace/counted';
import type { ProgramEntry } from '../store';

type Why = ProgramEntry['earlier'][number]['why'];

/** When something was, in the reader's own time zone: today's times are times alone. */
export function when(at: number, now: number, zone?: string): string {
  const zoned = zone === undefined ? {} : { timeZone: zone };
  const day = (time: number) =>
    new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', ...zoned }).format(time);
  const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', ...zoned }).format(at);
  return day(at) === day(now) ? clock : `${day(at)}, ${clock}`;
}

export function lineCount(lines: number): string {
  return lines === 1 ? '1 line' : `${counted(lines)} lines`;
}

export function reason(why: Why): string {
  return { begin: 'as it began', run: 'as it was run', edit: 'before an edit' }[why];
}
