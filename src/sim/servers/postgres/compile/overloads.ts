/**
 * Which of several operators or functions of one name is meant (PostgreSQL documentation, "Type
 * Conversion", 10.2 and 10.3).
 */
import { canCast, categoryOf, isPreferred, type Type } from '../types/type.js';

export interface Overload {
  readonly args: readonly Type[];
}

function countWhere(types: readonly Type[], fits: (type: Type, at: number) => boolean): number {
  return types.filter(fits).length;
}

function best<T>(candidates: readonly T[], score: (candidate: T) => number): T[] {
  const most = Math.max(...candidates.map(score));
  return candidates.filter((candidate) => score(candidate) === most);
}

/** Narrows by the category that unknown arguments take at each place. */
function byCategory<T extends Overload>(candidates: readonly T[], types: readonly Type[]): T[] {
  let left = [...candidates];
  for (const [at, type] of types.entries()) {
    if (type !== 'unknown') continue;
    const categories = new Set(left.map(({ args }) => categoryOf(args[at]!)));
    const category = categories.has('S')
      ? 'S'
      : categories.size === 1
        ? [...categories][0]
        : undefined;
    if (category === undefined) return left;
    left = left.filter(({ args }) => categoryOf(args[at]!) === category);
    const preferred = left.filter(({ args }) => isPreferred(args[at]!));
    if (preferred.length > 0) left = preferred;
  }
  return left;
}

/** The one that is meant; undefined: none fits; null: more than one does. */
export function choose<T extends Overload>(
  all: readonly T[],
  types: readonly Type[],
): T | undefined | null {
  const exact = all.find(({ args }) => same(args, types));
  if (exact !== undefined) return exact;
  let left = all.filter(
    ({ args }) =>
      args.length === types.length && args.every((arg, at) => canCast(types[at]!, arg, 'i')),
  );
  if (left.length <= 1) return left[0];
  left = best(left, ({ args }) => countWhere(types, (type, at) => args[at] === type));
  if (left.length === 1) return left[0];
  left = best(left, ({ args }) =>
    countWhere(
      types,
      (type, at) => args[at] === type || (type !== 'unknown' && isPreferred(args[at]!)),
    ),
  );
  if (left.length === 1) return left[0];
  left = byCategory(left, types);
  if (left.length === 1) return left[0];
  const known = types.filter((type) => type !== 'unknown');
  const [first] = known;
  if (first !== undefined && known.every((type) => type === first) && known.length < types.length) {
    const alike = left.filter(({ args }) => args.every((arg) => canCast(first, arg, 'i')));
    if (alike.length === 1) return alike[0];
  }
  return null;
}

function same(args: readonly Type[], types: readonly Type[]): boolean {
  return args.length === types.length && args.every((arg, at) => arg === types[at]);
}
