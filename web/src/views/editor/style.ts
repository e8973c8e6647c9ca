/** The editor's look, in the page's tokens: dark and light follow from them. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags as t } from '@lezer/highlight';

/** Few colours, told apart in both schemes: words of the language, text, numbers, names that are defined, comments. */
export const highlighting = syntaxHighlighting(
  HighlightStyle.define([
    {
      tag: [t.keyword, t.operatorKeyword, t.modifier, t.controlKeyword, t.definitionKeyword],
      color: 'var(--code-keyword)',
    },
    { tag: [t.string, t.special(t.string)], color: 'var(--code-string)' },
    { tag: [t.number, t.bool, t.null], color: 'var(--code-number)' },
    {
      tag: [t.definition(t.variableName), t.definition(t.className)],
      color: 'var(--code-name)',
      fontWeight: '600',
    },
    { tag: t.function(t.definition(t.variableName)), color: 'var(--code-name)', fontWeight: '600' },
    { tag: t.meta, color: 'var(--code-name)' },
    { tag: [t.comment, t.lineComment], color: 'var(--code-comment)', fontStyle: 'italic' },
    { tag: t.escape, color: 'var(--code-number)' },
    { tag: t.invalid, color: 'var(--ls-error)' },
  ]),
);

export const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ls-ink)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--ls-mono)',
    fontSize: 'var(--text-code)',
    lineHeight: '1.6',
    fontVariantLigatures: 'none',
  },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--ls-run)' },
  '.cm-line': { padding: '0 16px 0 8px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ls-ink-faint)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 12px', minWidth: '36px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'var(--wash)' },
  '&.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--wash)', color: 'var(--ls-ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ls-run)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--selection)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--wash-strong)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--wash-strong)',
    outline: '1px solid var(--ls-line)',
  },
  '&.cm-focused .cm-nonmatchingBracket': { color: 'var(--ls-error)', backgroundColor: 'transparent' },
  '.cm-searchMatch': { backgroundColor: 'var(--found)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--found-here)' },
  '.cm-panels': { backgroundColor: 'var(--ls-paper)', color: 'var(--ls-ink)' },
  '.cm-panels-top': { borderBottom: '1px solid var(--ls-line)' },
});
