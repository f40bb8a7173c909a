/** JSON in a text that may be empty, cut short, or something else: each is said. */
import { printable } from '../../printable.js';

/** What is wrong with a document, and where, in one sentence that names the file. */
export class DocumentProblem extends Error {
  override readonly name = 'DocumentProblem';
}

/**
 * The value in a text.
 *
 * @param name The name of the file, for the sentence.
 * @param what What it should be: `trace`.
 * @throws {DocumentProblem}
 */
export function parsedJson(content: string, name: string, what: string): unknown {
  try {
    // Some editors begin a file with a mark of its byte order.
    return JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
    throw new DocumentProblem(
      content.trim() === ''
        ? `${name} is empty; write the ${what} again`
        : isCutShort(content)
          ? `${name} ends in the middle, after ${content.length} characters; ` +
            'copy or write it again, whole'
          : `${name} is no JSON: ${printable(reason)}`,
    );
  }
}

/** Whether all is well nested, and something is open at the end. */
function isCutShort(content: string): boolean {
  const open: string[] = [];
  let quoted = false;
  for (let index = 0; index < content.length; index++) {
    const char = content[index]!;
    if (quoted) {
      if (char === '\\') index++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{') open.push('}');
    else if (char === '[') open.push(']');
    else if ((char === '}' || char === ']') && open.pop() !== char) return false;
  }
  return quoted || open.length > 0;
}
