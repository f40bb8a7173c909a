/** Texts from outside, of a file that is something else, as a terminal and a page can show them. */

/** Control characters as escapes, so that nobody obeys them; line breaks stay. */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
