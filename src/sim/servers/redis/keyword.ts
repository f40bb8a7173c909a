/**
 * Options come in any letter case. Their upper-case form is remembered, because `toUpperCase` on
 * every option of every SET would cost more than the SET.
 */

/** Upper-case forms by spelling; it stops growing at this size. */
const LIMIT = 4096;
const known = new Map<string, string>();

/** The option in upper case. Only ASCII letters have case here, as in C's `strcasecmp`. */
export function keyword(text: string): string {
  return known.get(text) ?? learn(text);
}

function learn(text: string): string {
  const upper = text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
  if (known.size < LIMIT && text.length <= 16) known.set(text, upper);
  return upper;
}

/** A table of options that finds the two common spellings, all lower and all upper, at once. */
export function optionTable<T>(
  options: readonly (readonly [string, T])[],
): (text: string) => T | undefined {
  const table = new Map<string, T>();
  for (const [name, option] of options) {
    table.set(name, option);
    table.set(name.toLowerCase(), option);
  }
  return (text) =>
    table.get(text) ?? (beginsWithLetter(text) ? table.get(keyword(text)) : undefined);
}

/** As every option does; what may stand in its place is mostly a number, seen once. */
function beginsWithLetter(text: string): boolean {
  const letter = text.charCodeAt(0) | 0x20;
  return letter >= 0x61 && letter <= 0x7a;
}
