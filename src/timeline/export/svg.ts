/** A picture as SVG: for slides, for print, for a test that reads it. */
import { ICONS } from '../picture/icons.js';
import type { Lane } from '../picture/lanes.js';
import type { ColumnsMark, LineMark, Mark, RectMark } from '../picture/marks.js';
import type { Palette } from '../picture/paints.js';
import type { Picture } from '../picture/picture.js';
import { TEXTURES } from '../picture/textures.js';

const FONT = 'system-ui, sans-serif';

/** Room for the names of the lanes, at the left. */
const HEADS_WIDTH = 110;

/**
 * One `<svg>` element that stands alone: the picture, with the names of its lanes. `title` is what
 * a screen reader says of it.
 */
export function svgOf(
  { width, height, marks }: Picture,
  lanes: readonly Lane[],
  palette: Palette,
  title: string,
): string {
  const left = lanes.length === 0 ? 0 : HEADS_WIDTH;
  const [w, h] = [round(width + left), round(height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}"` +
      ` role="img" font-family="${FONT}">`,
    `<title>${escaped(title)}</title>`,
    `<defs>${patterns(palette)}</defs>`,
    `<rect width="100%" height="100%" fill="${palette.bg}"/>`,
    ...lanes.map((lane) => headOf(lane, palette)),
    `<svg x="${left}" width="${round(width)}" height="${h}">`,
    ...marks.map((mark) => markOf(mark, palette)),
    '</svg>',
    '</svg>',
    '',
  ].join('\n');
}

function headOf({ kind, name, y }: Lane, palette: Palette): string {
  const text = kind === 'truth' ? `truth: ${name}` : name;
  return (
    `<text x="8" y="${round(y + 14)}" font-size="13" font-weight="600" fill="${palette.ink}">` +
    `${escaped(text)}</text>`
  );
}

function markOf(mark: Mark, palette: Palette): string {
  switch (mark.type) {
    case 'rect':
      return rect(mark, palette);
    case 'line':
      return line(mark, palette);
    case 'icon': {
      const turn = mark.turn === undefined ? '' : ` rotate(${mark.turn})`;
      const place = `translate(${round(mark.x)} ${round(mark.y)}) scale(${mark.size / 10})${turn}`;
      const paint = palette[mark.fill];
      const look = mark.hollow
        ? `fill="${palette.bg}" stroke="${paint}" stroke-width="1.6"`
        : `fill="${paint}"`;
      return `<path d="${ICONS[mark.icon]}" transform="${place}" ${look}${opacity(mark)}/>`;
    }
    case 'text': {
      const halo =
        mark.halo === undefined
          ? ''
          : ` stroke="${palette[mark.halo]}" stroke-width="3" paint-order="stroke"`;
      const weight = mark.bold ? ' font-weight="600"' : '';
      return (
        `<text x="${round(mark.x)}" y="${round(mark.y)}" font-size="${mark.size}"${weight}` +
        ` text-anchor="${mark.anchor}" fill="${palette[mark.fill]}"${halo}${opacity(mark)}>` +
        `${escaped(mark.text)}</text>`
      );
    }
    case 'columns':
      return columns(mark, palette);
  }
}

function rect(mark: RectMark, palette: Palette): string {
  const { x, y, width, height, fill, texture } = mark;
  const place = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
  const shapes = [`<rect ${place} fill="${fill === undefined ? 'none' : palette[fill]}"`];
  const stroke = strokeOf(mark, palette);
  const base = `${shapes[0]}${stroke}${opacity(mark)}/>`;
  if (texture === undefined) return base;
  return `${base}<rect ${place} fill="url(#hf-${texture})"${opacity(mark)}/>`;
}

function line(mark: LineMark, palette: Palette): string {
  const points = mark.points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
  const fill = mark.fill === undefined ? 'none' : palette[mark.fill];
  const element = mark.fill === undefined ? 'polyline' : 'polygon';
  const look = `fill="${fill}"${strokeOf(mark, palette)}${opacity(mark)}`;
  return `<${element} points="${points}" ${look}/>`;
}

function columns({ y, height, columns: codes, paints }: ColumnsMark, palette: Palette): string {
  const paths = paints.map(() => '');
  for (let x = 0; x < codes.length; ) {
    const code = codes[x]!;
    let end = x + 1;
    while (end < codes.length && codes[end] === code) end++;
    if (code > 0) paths[code - 1] += `M${x} ${round(y)}H${end}V${round(y + height)}H${x}Z`;
    x = end;
  }
  return paths.map((d, index) => `<path d="${d}" fill="${palette[paints[index]!]}"/>`).join('');
}

function strokeOf({ stroke, strokeWidth, dash }: RectMark | LineMark, palette: Palette): string {
  if (stroke === undefined) return '';
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash.join(' ')}"`;
  return ` stroke="${palette[stroke]}" stroke-width="${strokeWidth ?? 1}"${dashes}`;
}

function opacity(mark: Mark): string {
  return mark.opacity === undefined ? '' : ` opacity="${round(mark.opacity)}"`;
}

function patterns(palette: Palette): string {
  return Object.entries(TEXTURES)
    .map(
      ([name, { size, path, paint }]) =>
        `<pattern id="hf-${name}" width="${size}" height="${size}" patternUnits="userSpaceOnUse">` +
        `<path d="${path}" stroke="${palette[paint]}" stroke-width="1.5"/></pattern>`,
    )
    .join('');
}

/** Hundredths of a pixel are enough. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
