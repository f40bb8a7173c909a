/** Laying out plain text: width, wrapping, padding. One code point takes one column. */

export function widthOf(text: string): number {
  let width = 0;
  for (const _ of text) width++;
  return width;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** A space at which a line may break: not between a number and its unit, nor before a digest. */
const BREAK = /(?<!\bdigest) (?!(?:ms|s|×)(?!\w))/;

/**
 * Breaks a text at its spaces into lines of at most `width` columns, the first of at most
 * `firstWidth`. A word that is longer stands alone on its line, whole: it may be a replay code.
 */
export function wrap(text: string, width: number, firstWidth = width): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(BREAK)) {
    const longer = line === '' ? word : `${line} ${word}`;
    const room = lines.length === 0 ? firstWidth : width;
    if (line === '' || widthOf(longer) <= room) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  return lines;
}

/** The same, with its lines indented; the first by `first`, the others by `rest`. */
export function indented(text: string, columns: number, first: string, rest: string): string[] {
  const lines = wrap(text, columns - widthOf(rest), columns - widthOf(first));
  return lines.map((line, at) => (at === 0 ? first : rest) + line);
}

/**
 * Joins items with a separator, breaking lines between items only; a line that goes on ends with
 * the separator.
 */
export function flow(
  items: readonly string[],
  separator: string,
  columns: number,
  indent: string,
  firstIndent = indent,
): string[] {
  const end = separator.trimEnd();
  const lines: string[] = [];
  let line = '';
  items.forEach((item, at) => {
    const longer = line === '' ? firstIndent + item : line + separator + item;
    const room = at === items.length - 1 ? columns : columns - widthOf(end);
    if (line === '' || widthOf(longer) <= room) line = longer;
    else {
      lines.push(line + end);
      line = indent + item;
    }
  });
  if (line !== '') lines.push(line);
  return lines;
}
