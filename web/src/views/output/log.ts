/**
 * What the program wrote, as lines. Reads the trace's OUTPUT events as they come and keeps the last lines only: a program
 * may print a million of them.
 */
import { counted } from '../../trace/counted';
import { type EventIndex, How, type Trace } from '../../trace/trace';

export interface Line {
  text: string;
  /** The event that began the line. */
  event: EventIndex;
  error: boolean;
  /** Where in the text begins what was typed; -1: nothing was. */
  typed: number;
}

/** A line longer than this is cut on the page; a copy has all of it. */
export const MAX_LINE = 10_000;

export class OutputLog {
  /** The last lines; the last one may still grow. */
  lines: Line[] = [];
  /** Lines before those. */
  earlier = 0;
  /** Prints that were read. */
  private next = 0;
  /** The latest OUTPUT event and how much of its text was read: it may still grow. */
  private latest: EventIndex = -1;
  private length = 0;
  private open = false;

  constructor(private readonly keep: number) {}

  /** Number of the first line kept. */
  get first(): number {
    return this.earlier;
  }

  /** Takes in what was written since the last time. The first line number that changed; -1: nothing. */
  update(trace: Trace): number {
    const before = this.earlier + this.lines.length - (this.open ? 1 : 0);
    let changed = this.read(trace);
    for (; this.next < trace.outputs.length; this.next++) {
      this.latest = trace.outputs[this.next] as EventIndex;
      this.length = 0;
      changed = this.read(trace) || changed;
    }
    if (this.lines.length > this.keep) this.cut();
    return changed ? before : -1;
  }

  /** Reads what the latest event's text got since the last time. Whether there was anything. */
  private read(trace: Trace): boolean {
    if (this.latest < 0) return false;
    const text = trace.text(trace.aux.at(this.latest));
    if (text.length === this.length) return false;
    this.write(text.slice(this.length), this.latest, trace.how.at(this.latest));
    this.length = text.length;
    return true;
  }

  private write(text: string, event: EventIndex, how: number): void {
    const error = how === How.STDERR;
    const typed = how === How.ECHO;
    // A stream that breaks in on the other one's unfinished line starts its own: the two must not be mistaken. What is
    // typed stands behind the prompt that asked for it, whichever stream that came from.
    const before = this.lines[this.lines.length - 1];
    if (this.open && !typed && before?.error !== error) this.open = false;
    for (let at = 0; at < text.length; ) {
      const newline = text.indexOf('\n', at);
      const piece = newline < 0 ? text.slice(at) : text.slice(at, newline);
      const last = this.lines[this.lines.length - 1];
      if (this.open && last) {
        if (typed && last.typed < 0) last.typed = last.text.length;
        last.text += piece;
      } else this.lines.push({ text: piece, event, error, typed: typed ? 0 : -1 });
      this.open = newline < 0;
      at = newline < 0 ? text.length : newline + 1;
      if (this.lines.length > 4 * this.keep) this.cut();
    }
  }

  private cut(): void {
    const over = this.lines.length - this.keep;
    this.lines.splice(0, over);
    this.earlier += over;
  }
}

/** All that was written and kept, in order. */
export function wholeOutput(trace: Trace): string {
  const parts: string[] = [];
  for (const row of trace.outputs) parts.push(trace.text(trace.aux.at(row)));
  if (trace.cut.characters > 0) parts.push(`\n… ${cutNote(trace)}\n`);
  return parts.join('');
}

/** What the program wrote past the bound, in words; empty if there is nothing. */
export function cutNote(trace: Trace): string {
  const { lines, characters } = trace.cut;
  if (characters === 0) return '';
  const what = lines > 0 ? `${counted(lines)} more lines` : `${counted(characters)} more characters`;
  return `The program wrote ${what}, which were not kept.`;
}
