/** Which marks lie under a point, of those that stand for something, the one drawn last first. */
import type { Mark, Ref } from '../../../src/timeline/picture/marks.js';

/** Lines are thin: so near is on them, in pixels. */
const NEAR_PX = 6;

export function* refsAt(marks: readonly Mark[], x: number, y: number): Generator<Ref> {
  for (let index = marks.length - 1; index >= 0; index--) {
    const mark = marks[index]!;
    if (mark.ref !== undefined && isUnder(mark, x, y)) yield mark.ref;
  }
}

function isUnder(mark: Mark, x: number, y: number): boolean {
  switch (mark.type) {
    case 'rect':
      // A band behind everything is chosen by its flag.
      if ((mark.opacity ?? 1) < 0.5) return false;
      return (
        x >= mark.x - 1 && x <= mark.x + mark.width + 1 && y >= mark.y && y <= mark.y + mark.height
      );
    case 'icon':
      return Math.max(Math.abs(x - mark.x), Math.abs(y - mark.y)) <= Math.max(mark.size / 2, 6);
    case 'line':
      return mark.points.some((end, index) => {
        const start = mark.points[index - 1];
        return start !== undefined && distance(start, end, x, y) <= NEAR_PX;
      });
    default:
      return false;
  }
}

function distance(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  x: number,
  y: number,
): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const square = dx * dx + dy * dy;
  const share = square === 0 ? 0 : ((x - x1) * dx + (y - y1) * dy) / square;
  const nearest = Math.min(Math.max(share, 0), 1);
  return Math.hypot(x - x1 - nearest * dx, y - y1 - nearest * dy);
}
