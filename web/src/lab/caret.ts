/**
 * Where the caret goes when another text takes a text's place: it stays in the value that it was
 * in, wherever that stands now.
 */
import { type JsonPath, layoutOf, type Place, type Span } from '../../../src/schema/json-places.js';

/** What of a text is another one in the next. */
export interface Change extends Span {
  readonly insert: string;
}

/** The change from one text to another that leaves their beginnings and ends alone. */
export function changeBetween(before: string, after: string): Change {
  const most = Math.min(before.length, after.length);
  let same = 0;
  while (same < most && before[same] === after[same]) same++;
  let end = 0;
  while (end < most - same && before.at(-1 - end) === after.at(-1 - end)) end++;
  const insert = after.slice(same, after.length - end);
  return { from: same, until: before.length - end, insert };
}

/** Places of carets in the text after, of those in the text before. */
export function caretsAfter(before: string, after: string, carets: readonly number[]): number[] {
  const { from, until } = changeBetween(before, after);
  const [old, now] = [layoutOf(before), layoutOf(after)];
  return carets.map((caret) => {
    if (caret <= from) return caret;
    if (caret >= until) return caret + after.length - before.length;
    const path = 'root' in old ? pathAt(old.root, caret) : undefined;
    const place = path === undefined || !('root' in now) ? undefined : placeAt(now.root, path);
    if ('root' in old && path !== undefined && place !== undefined) {
      const offset = caret - startOf(placeAt(old.root, path)!);
      return Math.min(startOf(place) + offset, place.until);
    }
    return Math.min(caret, after.length);
  });
}

/** The innermost value that a caret is in; with its key, that is. */
function pathAt(root: Place, caret: number): JsonPath {
  for (const [step, member] of root.members) {
    if (startOf(member) <= caret && caret <= member.until) return [step, ...pathAt(member, caret)];
  }
  return [];
}

function placeAt(root: Place, path: JsonPath): Place | undefined {
  return path.reduce<Place | undefined>((place, step) => place?.members.get(step), root);
}

function startOf({ key, from }: Place): number {
  return key?.from ?? from;
}
