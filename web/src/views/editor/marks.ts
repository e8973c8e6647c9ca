/** Marks on the program's lines: where tasks run and wait at the moment looked at, and where the program failed. */
import { type EditorState, StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';
import type { Problem } from '../store';

/** What a task does on a line; or that the analysis found something there. */
export type MarkKind = 'run' | 'ready' | 'sleep' | 'sync' | 'queue' | 'task' | 'io' | 'other' | 'finding';

export interface LineMark {
  /** From 1. */
  line: number;
  kind: MarkKind;
  /** In words, shown at the line's end: 'foo waits for sleep(0.05)'. */
  note: string;
}

export const setMarks = StateEffect.define<readonly LineMark[]>();
export const setProblem = StateEffect.define<Problem | undefined>();

/** The note is drawn by CSS from an attribute: it is no part of the text that is edited, copied or read aloud. */
function lineDecoration(classes: string, note: string): Decoration {
  return Decoration.line({ class: classes, ...(note ? { attributes: { 'data-note': note } } : {}) });
}

/** One decoration a line: several tasks may wait on the same one. */
export function decorate(list: readonly LineMark[], doc: Text): DecorationSet {
  const lines = new Map<number, LineMark[]>();
  for (const mark of list) {
    if (mark.line < 1 || mark.line > doc.lines) continue;
    const there = lines.get(mark.line);
    if (there) there.push(mark);
    else lines.set(mark.line, [mark]);
  }
  const ranges = [...lines].map(([line, here]) => {
    const kinds = new Set(here.map((mark) => mark.kind));
    const classes = ['ls-mark', ...[...kinds].map((kind) => `ls-mark-${kind}`)].join(' ');
    return lineDecoration(classes, joinNotes(here)).range(doc.line(line).from);
  });
  return Decoration.set(ranges, true);
}

const SHOWN = 3;

function joinNotes(marks: readonly LineMark[]): string {
  const notes = [...new Set(marks.map((mark) => mark.note).filter(Boolean))];
  const more = notes.length - SHOWN;
  return more > 0 ? `${notes.slice(0, SHOWN).join(', ')} and ${more} more` : notes.join(', ');
}

export const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = transaction.docChanged ? value.map(transaction.changes) : value;
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) next = decorate(effect.value, transaction.state.doc);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const problemMark = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = transaction.docChanged ? value.map(transaction.changes) : value;
    for (const effect of transaction.effects) {
      if (effect.is(setProblem)) next = decorateProblem(effect.value, transaction.state);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorateProblem(problem: Problem | undefined, { doc }: EditorState): DecorationSet {
  if (problem?.line === undefined || problem.line < 1 || problem.line > doc.lines) return Decoration.none;
  const line = doc.line(problem.line);
  const message = problem.message ? `${problem.type}: ${problem.message}` : problem.type;
  const ranges = [lineDecoration('ls-problem', firstLine(message)).range(line.from)];
  const from = line.from + (problem.column ?? 0);
  const to = Math.min(line.to, problem.endColumn === undefined ? line.to : line.from + problem.endColumn);
  if (problem.column !== undefined && from < to) {
    ranges.push(Decoration.mark({ class: 'ls-problem-range' }).range(from, to));
  }
  return Decoration.set(ranges, true);
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  const line = end < 0 ? text : text.slice(0, end);
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
