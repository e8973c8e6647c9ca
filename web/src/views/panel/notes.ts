/** What a run notes about itself (Kind.NOTE), in words. Every text that a note may have stands here. */
import type { EventIndex, Trace } from '../../trace/trace';

export interface Note {
  id: string;
  title: string;
  text: string;
  why?: string;
  advice?: string;
  /** Lines of the program where it happened, in order. */
  lines: number[];
  /** The first NOTE row. */
  event: EventIndex;
}

type Words = Pick<Note, 'title' | 'text' | 'why' | 'advice'>;

const WORDS: Record<string, Words> = {
  'set order': {
    title: 'The order of a set may have decided here',
    text: 'A set of tasks was gone through. The virtual clock takes them in order of creation.',
    why: 'CPython guarantees no order: it differs from run to run and from machine to machine.',
    advice: 'A program that needs an order keeps its tasks in a list, and goes through that.',
  },
  'variables full': {
    title: 'Not all variables were recorded',
    text: 'There is room for 4 million characters of them; from here on none were kept.',
    advice: 'A shorter run, or fewer and smaller variables, fit.',
  },
  executor: {
    title: 'A job ran on the loop’s own thread',
    text: 'A browser has no threads, so it ran in a later turn of the loop, and nobody else ran meanwhile.',
    why: 'CPython would have run it in a thread, beside the loop.',
    advice:
      'The result is the same; only what runs at the same time differs. A timeout that expires meanwhile is heard when the job is done.',
  },
};

/** The analysis of the run tells these, with more about them. */
const TOLD_ELSEWHERE = /^(deadlock$|never awaited|never retrieved|destroyed pending)/;

/** The notes of a run, one for each thing noted, however often. */
export function notes(trace: Trace): Note[] {
  const found = new Map<string, Note>();
  for (const event of trace.notes) {
    const text = trace.text(trace.aux.at(event));
    if (TOLD_ELSEWHERE.test(text)) continue;
    const line = trace.sites.get(trace.site.at(event))?.line;
    const note = found.get(text) ?? {
      id: `note ${text}`,
      ...(WORDS[text] ?? { title: 'Noted', text }),
      lines: [],
      event,
    };
    found.set(text, note);
    if (line !== undefined && !note.lines.includes(line)) note.lines.push(line);
  }
  return [...found.values()];
}
