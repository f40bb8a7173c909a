/** JSON in colours: each kind of token by a class, so that the colours are those of the page. */
import { syntaxTree } from '@codemirror/language';
import { RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

/** Names of the grammar's nodes, and what they look like. */
const CLASSES: Readonly<Record<string, Decoration>> = {
  PropertyName: Decoration.mark({ class: 'json-key' }),
  String: Decoration.mark({ class: 'json-string' }),
  Number: Decoration.mark({ class: 'json-number' }),
  True: Decoration.mark({ class: 'json-word' }),
  False: Decoration.mark({ class: 'json-word' }),
  Null: Decoration.mark({ class: 'json-word' }),
};

export const highlight = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = coloured(view);
    }

    update({ view, state, startState, docChanged, viewportChanged }: ViewUpdate) {
      const isParsedOn = syntaxTree(state) !== syntaxTree(startState);
      if (docChanged || viewportChanged || isParsedOn) this.decorations = coloured(view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** Only what is in view. */
function coloured({ state, visibleRanges }: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges) {
    syntaxTree(state).iterate({
      from,
      to,
      enter: ({ name, from: start, to: end }) => {
        const look = CLASSES[name];
        if (look !== undefined) builder.add(start, end, look);
      },
    });
  }
  return builder.finish();
}
