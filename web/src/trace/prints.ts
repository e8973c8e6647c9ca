/** What a program wrote, and what was typed for it, in a sentence. */
import { counted } from './counted';
import { countUpTo } from './search';
import { type EventIndex, How, Kind, type Trace } from './trace';

const SHOWN_LINES = 3;
const SHOWN_LETTERS = 80;

/** What a program wrote, and not what was typed for it. */
export function isPrint(trace: Trace, event: EventIndex): boolean {
  return trace.kind.at(event) === Kind.OUTPUT && trace.how.at(event) !== How.ECHO;
}

/**
 * Texts of OUTPUT rows, one after the other, as quoted lines: the first ones; a last item tells how many more there were. A
 * traceback is one of them, told by what it says in the end.
 */
export function linesOf(trace: Trace, rows: readonly EventIndex[]): string[] {
  const lines = rows
    .map((row) => trace.text(trace.aux.at(row)))
    .join('')
    .split('\n')
    .filter(Boolean);
  const shown: string[] = [];
  let at = 0;
  while (at < lines.length && shown.length < SHOWN_LINES) {
    const from = at;
    at = endOfTraceback(lines, from);
    if (at > from) shown.push(`a traceback: ${quoted(saidBy(lines.slice(from, at)))}`);
    else shown.push(quoted(lines[at++] as string));
  }
  const more = lines.length - at;
  return more > 0 ? [...shown, `${counted(more)} more ${more === 1 ? 'line' : 'lines'}`] : shown;
}

const BEGIN = /^\s*(\+ Exception Group )?Traceback \(most recent call last\):/;
/** The same behind other lines: line by line, for there may be very many. */
const ANYWHERE = /^[ \t]*(\+ Exception Group )?Traceback \(most recent call last\):/m;
/** Between the tracebacks of exceptions that led to one another. */
const LINK = /^(During handling of|The above exception was)/;
/** Of an exception group's tracebacks. */
const IN_GROUP = /^\s*[|+]/;

/** How much was written and typed. */
export interface Written {
  prints: number;
  tracebacks: number;
  /** Lines that the program read. */
  typed: number;
}

/**
 * Counts what was written, row by row. A traceback on standard error is no print; one that is written line by line is one:
 *
 *     Traceback (most recent …      a traceback begins
 *       File "main.py", line 1 …    goes on
 *     ValueError: lost              ends
 *     went on                       a print
 */
export class Writings {
  /** Rows that are no prints. */
  private readonly others: EventIndex[] = [];
  private readonly tracebacks: EventIndex[] = [];
  private readonly typed: EventIndex[] = [];
  /** What comes next may be more of a traceback; of a group's. */
  private open = false;
  private group = false;

  constructor(private readonly trace: Trace) {}

  /** The next OUTPUT row. */
  note(row: EventIndex): void {
    const { trace, others } = this;
    const how = trace.how.at(row);
    const text = how === How.STDERR ? trace.text(trace.aux.at(row)) : '';
    if (how === How.ECHO) this.typed.push(row);
    const begins = ANYWHERE.exec(text);
    if (begins) this.tracebacks.push(row);
    else if (!(this.open && this.goesOn(text)) && !this.links(text)) {
      this.open = false;
      if (how === How.ECHO) others.push(row);
      return;
    }
    others.push(row);
    if (begins) this.group = begins[1] !== undefined;
    const last = text.trimEnd().split('\n').at(-1) ?? '';
    // The line that names the exception is the last; of a group it is one in the middle.
    this.open = this.group || /^\s/.test(last) || BEGIN.test(last);
  }

  private goesOn(text: string): boolean {
    return this.group ? IN_GROUP.test(text) : text !== '';
  }

  private links(text: string): boolean {
    return this.tracebacks.length > 0 && LINK.test(text.trim());
  }

  /** What was written up to a row. */
  upTo(row: EventIndex): Written {
    const count = (rows: readonly EventIndex[]): number => countUpTo(rows, row);
    return {
      prints: count(this.trace.outputs) - count(this.others),
      tracebacks: count(this.tracebacks),
      typed: count(this.typed),
    };
  }
}

/** Where a traceback that begins at a line ends: the line after it; the same line, if none begins there. */
function endOfTraceback(lines: readonly string[], from: number): number {
  let at = from;
  while (BEGIN.test(lines[at] ?? '')) {
    const group = IN_GROUP.test(lines[at] as string);
    at++;
    while (at < lines.length && (group ? IN_GROUP : /^\s/).test(lines[at] as string)) at++;
    // The exception itself, which of a group stands inside.
    if (!group && at < lines.length) at++;
    if (!LINK.test(lines[at] ?? '') || !BEGIN.test(lines[at + 1] ?? '')) break;
    at++;
  }
  return at;
}

/** What a traceback says in the end: the exception; of a group its own line. */
function saidBy(lines: readonly string[]): string {
  const group = lines.findLast((line) => /^\s*\| \w*ExceptionGroup\b/.test(line));
  const last = lines.at(-1) ?? '';
  return IN_GROUP.test(last) && group ? group.replace(/^\s*\| /, '') : last;
}

function quoted(line: string): string {
  return line.length > SHOWN_LETTERS ? `“${line.slice(0, SHOWN_LETTERS)}…”` : `“${line}”`;
}
