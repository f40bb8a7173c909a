/** What the glossary says of a word: `holdfast explain` prints it, reports quote its short form. */
export interface Entry {
  readonly name: string;
  readonly kind: 'property' | 'class' | 'fault class' | 'word';
  /** One line, as a report puts it beside the name. */
  readonly short: string;
  readonly means: string;
  readonly example: string;
  readonly helps: string;
  /** Paper, documentation or upstream thread it comes from; or the rule of docs/semantics.md. */
  readonly source: string;
}
