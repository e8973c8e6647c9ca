/** The program's editor: CodeMirror, put together from its parts. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { python } from '@codemirror/lang-python';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, Transaction } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { Problem } from '../store';
import { type LineMark, marks, problemMark, setMarks, setProblem } from './marks';
import { noteRoom } from './room';
import { highlighting, theme } from './style';

/** Typing settles before the program is read: reading a large one at every key would be felt. */
const SETTLE_MS = 200;

export interface EditorCallbacks {
  /** The program was edited by hand; told a moment after the last key. */
  onEdit(text: string): void;
  /** Ctrl/Cmd+Enter. */
  onRun(): void;
  readOnly?: boolean;
  /** The first program is on its way: before it is there, nothing can be typed that it would take away. */
  waits?: boolean;
  /** What it begins with. */
  text?: string;
  /** Tab moves on, as everywhere on a page, and doesn't indent. */
  tabLeaves?: boolean;
}

export interface Editor {
  readonly element: HTMLElement;
  text(): string;
  /** Another program takes the place of this one; undo brings the old one back. */
  setText(text: string): void;
  /** Marks lines with what happens there; replaces the marks before. */
  mark(marks: readonly LineMark[]): void;
  problem(problem: Problem | undefined): void;
  /** Brings a line into view; `focus` puts the caret on it. */
  showLine(line: number, focus: boolean): void;
  focus(): void;
}

export function createEditor({
  onEdit,
  onRun,
  readOnly,
  waits,
  text: begin = '',
  tabLeaves,
}: EditorCallbacks): Editor {
  const element = document.createElement('div');
  element.className = 'editor';
  let settle: ReturnType<typeof setTimeout> | undefined;
  let replacing = false;
  let first = true;
  let marked = 0;
  let troubled = false;
  const access = new Compartment();
  const runNow = () => {
    onRun();
    return true;
  };

  const watch = EditorView.updateListener.of((update) => {
    if (!update.docChanged || replacing) return;
    clearTimeout(settle);
    settle = setTimeout(() => onEdit(view.state.doc.toString()), SETTLE_MS);
  });

  const view = new EditorView({
    parent: element,
    state: EditorState.create({
      doc: begin,
      extensions: [
        lineNumbers(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        history(),
        drawSelection(),
        EditorState.allowMultipleSelections.of(true),
        EditorState.tabSize.of(4),
        indentUnit.of('    '),
        indentOnInput(),
        bracketMatching(),
        highlightSelectionMatches(),
        search({ top: true }),
        python(),
        highlighting,
        theme,
        marks,
        problemMark,
        noteRoom,
        watch,
        access.of(EditorState.readOnly.of(readOnly ?? waits ?? false)),
        ...(tabLeaves ? [] : [tabLeavesAfterEscape]),
        EditorView.contentAttributes.of({
          'aria-label': 'Program',
          tabindex: '0',
          ...(tabLeaves ? {} : { 'aria-describedby': 'editor-keys' }),
          autocapitalize: 'off',
          autocorrect: 'off',
          spellcheck: 'false',
        }),
        keymap.of([
          { key: 'Mod-Enter', run: runNow },
          { key: 'Ctrl-Enter', run: runNow },
          ...searchKeymap,
          ...historyKeymap,
          ...(tabLeaves ? [] : [indentWithTab]),
          ...defaultKeymap,
        ]),
      ],
    }),
  });

  return {
    element,
    text: () => view.state.doc.toString(),
    setText(text) {
      clearTimeout(settle);
      replacing = true;
      view.dispatch({
        // What is there already is drawn already.
        ...(first && text === begin
          ? {}
          : { changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } }),
        effects: access.reconfigure(EditorState.readOnly.of(readOnly ?? false)),
        // Before the first program there was none to bring back.
        ...(first && { annotations: Transaction.addToHistory.of(false) }),
      });
      first = replacing = false;
      view.scrollDOM.scrollTo(0, 0);
    },
    mark(list) {
      if (list.length + marked > 0) view.dispatch({ effects: setMarks.of(list) });
      marked = list.length;
    },
    problem(problem) {
      if (problem || troubled) view.dispatch({ effects: setProblem.of(problem) });
      troubled = problem !== undefined;
    },
    showLine(number, focus) {
      if (number < 1 || number > view.state.doc.lines) return;
      const line = view.state.doc.line(number);
      view.dispatch({
        ...(focus ? { selection: { anchor: line.from + (/^\s*/.exec(line.text)?.[0].length ?? 0) } } : {}),
        effects: EditorView.scrollIntoView(line.from, { y: 'nearest', yMargin: 48 }),
      });
      if (focus) view.focus();
    },
    focus: () => view.focus(),
  };
}

/**
 * Tab indents, so it would hold keyboard users in the editor for ever. After Escape it moves on, until the editor is
 * left or something else is typed.
 */
const tabLeavesAfterEscape = [
  EditorView.domEventObservers({
    keydown(event, view) {
      if (event.key === 'Escape') view.setTabFocusMode(true);
    },
    blur(_event, view) {
      view.setTabFocusMode(false);
    },
  }),
  EditorView.updateListener.of((update) => {
    if (update.docChanged) update.view.setTabFocusMode(false);
  }),
];
