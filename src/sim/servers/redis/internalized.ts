/**
 * Names of commands and texts of scripts are looked up in every run. A text that was put together
 * (by a parser, by `toUpperCase`) is compared character by character with the one in a table; of
 * the names of properties the engine keeps one copy each, and comparing those is comparing places.
 */

/** The engine's one copy of a text. */
export function internalized(text: string): string {
  return Object.keys({ [text]: true })[0]!;
}
