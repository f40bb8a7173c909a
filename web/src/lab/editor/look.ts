/** How the editor looks: the colours of the page, light and dark, and the measures of the field. */
import { EditorView } from '@codemirror/view';

export const look = EditorView.theme({
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'inherit', lineHeight: 'inherit', overflow: 'auto' },
  '.cm-content': { padding: '4px 0', caretColor: 'var(--ink)' },
  '.cm-content:focus-visible': { outline: '2px solid var(--c1)', outlineOffset: '-2px' },
  '.cm-line': { padding: '0 6px' },
  '.json-key': { color: 'var(--c1)' },
  '.json-string': { color: 'var(--c3)' },
  '.json-number': { color: 'var(--c4)' },
  '.json-word': { color: 'var(--c2)' },
  '&.cm-focused .cm-matchingBracket, .cm-matchingBracket': {
    background: 'none',
    outline: '1px solid var(--muted)',
  },
  '&.cm-focused .cm-nonmatchingBracket': { background: 'none' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--violation) 2px',
    textDecorationSkipInk: 'none',
  },
  '.cm-lintPoint-error:after': { borderBottomColor: 'var(--violation)' },
  '.cm-tooltip': {
    background: 'var(--panel)',
    color: 'var(--ink)',
    border: '1px solid var(--muted)',
    maxWidth: '60ch',
  },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--violation)' },
});
