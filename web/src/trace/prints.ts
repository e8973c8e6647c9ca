/** What a program wrote, and what was typed for it, in a sentence. */
import { counted } from './counted';
import { type EventIndex, How, Kind, type Trace } from './trace';

const SHOWN_LINES = 3;
const SHOWN_LETTERS = 80;

/** What a program wrote, and not what was typed for it. */
export function isPrint(trace: Trace, event: EventIndex): boolean {
  return trace.kind.at(event) === Kind.OUTPUT && trace.how.at(event) !== How.ECHO;
}

/** Texts of OUTPUT rows, one after the other, as quoted lines: the first ones; a last item tells how many more there were. */
export function linesOf(trace: Trace, rows: readonly EventIndex[]): string[] {
  const lines = rows
    .map((row) => trace.text(trace.aux.at(row)))
    .join('')
    .split('\n')
    .filter(Boolean);
  // A traceback tells in its last line what happened.
  const trouble = lines.findIndex((line) => line.startsWith('Traceback'));
  if (trouble >= 0 && trouble < SHOWN_LINES)
    return [...lines.slice(0, trouble).map(quoted), `a traceback: ${quoted(lines.at(-1) ?? '')}`];
  const shown = lines.slice(0, SHOWN_LINES).map(quoted);
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `${counted(more)} more ${more === 1 ? 'line' : 'lines'}`] : shown;
}

function quoted(line: string): string {
  return line.length > SHOWN_LETTERS ? `“${line.slice(0, SHOWN_LETTERS)}…”` : `“${line}”`;
}
