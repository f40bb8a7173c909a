/**
 * The editor of the scenario's text, in a chunk that is loaded when somebody opens the text.
 *
 * There is one history, that of the Lab: what was typed and applied is an edit there like any
 * other. The editor's own history holds only what was typed since, and is emptied when that is
 * applied. Ctrl+Z therefore takes back what is not applied yet, bit by bit, and after that does
 * what the Lab's Undo does. A draft with mistakes that a change from elsewhere has replaced is the
 * one thing that only the editor remembers: Ctrl+Z brings it back.
 *
 * Tab leaves the editor, as it leaves every field.
 */
import {
  defaultKeymap,
  history,
  isolateHistory,
  redo,
  redoDepth,
  undo,
  undoDepth,
} from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching } from '@codemirror/language';
import { type Diagnostic, nextDiagnostic, setDiagnostics } from '@codemirror/lint';
import {
  Annotation,
  Compartment,
  EditorState,
  type Extension,
  Transaction,
} from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { effect } from '@preact/signals';
import { caretsAfter, changeBetween } from '../caret.js';
import type { Draft, TextProblem } from '../draft.js';
import { highlight } from './highlight.js';
import { look } from './look.js';

/** The text was changed from elsewhere: nobody typed it. */
const written = Annotation.define<true>();

export interface EditorOptions {
  /** Its accessible name. */
  readonly label: string;
  /** The element that says what is wrong with the text. */
  readonly describedBy: string;
}

/**
 * Puts the editor into `box`, with caret, focus and scroll of the plain field whose place it takes.
 *
 * @returns closes it.
 */
export function openEditor(
  box: HTMLElement,
  plain: HTMLTextAreaElement | null,
  draft: Draft,
  options: EditorOptions,
): () => void {
  const view = new EditorView({ parent: box, state: stateFrom(plain, draft, options) });
  if (plain !== null) {
    view.scrollDOM.scrollTop = plain.scrollTop;
    if (plain === document.activeElement) view.focus();
  }
  const stops = [
    effect(() => follow(view, draft.text.value, draft.isApplied.value)),
    effect(() => mark(view, draft.problems.value)),
  ];
  return () => {
    for (const stop of stops) stop();
    view.destroy();
  };
}

const past = new Compartment();

function stateFrom(plain: HTMLTextAreaElement | null, draft: Draft, options: EditorOptions) {
  const doc = draft.text.peek();
  const caret = (offset: number | undefined) => Math.min(offset ?? 0, doc.length);
  const extensions: Extension[] = [
    past.of(history()),
    keymap.of([...keysOf(draft), ...defaultKeymap]),
    json(),
    highlight,
    bracketMatching(),
    look,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of(() => ({
      // It is in the order of Tab anyway; who looks at attributes only should see it too.
      tabindex: '0',
      'aria-label': options.label,
      'aria-describedby': options.describedBy,
      'aria-invalid': String(draft.problems.peek().length > 0),
    })),
    EditorView.updateListener.of(({ docChanged, transactions, state }) => {
      const isTyped = transactions.some(
        (one) => one.docChanged && one.annotation(written) !== true,
      );
      if (docChanged && isTyped) draft.typed(state.doc.toString());
    }),
  ];
  const selection = { anchor: caret(plain?.selectionStart), head: caret(plain?.selectionEnd) };
  return EditorState.create({ doc, selection, extensions });
}

function keysOf({ lab }: Draft) {
  const back = (view: EditorView) => {
    if (undoDepth(view.state) > 0) return undo(view);
    lab.undo();
    return true;
  };
  const forth = (view: EditorView) => {
    if (redoDepth(view.state) > 0) return redo(view);
    lab.redo();
    return true;
  };
  return [
    { key: 'Mod-z', run: back, preventDefault: true },
    { key: 'Mod-y', mac: 'Mod-Shift-z', run: forth, preventDefault: true },
    { linux: 'Ctrl-Shift-z', win: 'Ctrl-Shift-z', run: forth, preventDefault: true },
    { key: 'F8', run: nextDiagnostic },
  ];
}

/** Writes what the Lab has into the editor, and forgets how it was typed. */
function follow(view: EditorView, text: string, isApplied: boolean): void {
  const before = view.state.doc.toString();
  if (text !== before) {
    const { from, until, insert } = changeBetween(before, text);
    const { anchor, head } = view.state.selection.main;
    const [newAnchor, newHead] = caretsAfter(before, text, [anchor, head]);
    const wasDraft = undoDepth(view.state) > 0;
    view.dispatch({
      changes: { from, to: until, insert },
      selection: { anchor: newAnchor!, head: newHead! },
      annotations: [
        written.of(true),
        isolateHistory.of('full'),
        Transaction.addToHistory.of(wasDraft),
      ],
    });
  } else if (isApplied) {
    view.dispatch({ effects: past.reconfigure([]) });
    view.dispatch({ effects: past.reconfigure(history()) });
  }
}

function mark(view: EditorView, problems: readonly TextProblem[]): void {
  const last = view.state.doc.length;
  const diagnostics = problems.flatMap(({ message, span }): Diagnostic[] => {
    if (span === undefined || span.until > last) return [];
    return [{ from: span.from, to: span.until, severity: 'error', message }];
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}
