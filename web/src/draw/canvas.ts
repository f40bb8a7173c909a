/** Draws a picture on a canvas. */
import { ICONS } from '../../../src/timeline/picture/icons.js';
import type {
  ColumnsMark,
  IconMark,
  IconName,
  LineMark,
  Mark,
  RectMark,
  TextMark,
  Texture,
} from '../../../src/timeline/picture/marks.js';
import type { Palette } from '../../../src/timeline/picture/paints.js';
import type { Picture } from '../../../src/timeline/picture/picture.js';
import { TEXTURES } from '../../../src/timeline/picture/textures.js';

const FONT = 'system-ui, sans-serif';

export class Painter {
  private readonly icons = new Map<IconName, Path2D>();
  private readonly textures = new Map<Texture, CanvasPattern | null>();

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly palette: Palette,
    /** Pixels of the canvas to one of the picture. */
    private readonly scale: number,
  ) {
    context.setTransform(scale, 0, 0, scale, 0, 0);
  }

  draw({ width, height, marks }: Picture): void {
    const { context, palette } = this;
    context.fillStyle = palette.bg;
    context.fillRect(0, 0, width, height);
    for (const mark of marks) this.mark(mark);
  }

  mark(mark: Mark): void {
    const { context } = this;
    context.globalAlpha = mark.opacity ?? 1;
    switch (mark.type) {
      case 'rect':
        return this.rect(mark);
      case 'line':
        return this.line(mark);
      case 'icon':
        return this.icon(mark);
      case 'text':
        return this.text(mark);
      case 'columns':
        return this.columns(mark);
    }
  }

  private rect({ x, y, width, height, fill, texture, ...mark }: RectMark): void {
    const { context, palette } = this;
    if (fill !== undefined) {
      context.fillStyle = palette[fill];
      context.fillRect(x, y, width, height);
    }
    if (texture !== undefined) {
      context.fillStyle = this.pattern(texture) ?? 'transparent';
      context.fillRect(x, y, width, height);
    }
    if (mark.stroke === undefined) return;
    this.pen(mark);
    context.strokeRect(x, y, width, height);
  }

  private line({ points, fill, ...mark }: LineMark): void {
    const { context, palette } = this;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    if (fill !== undefined) {
      context.fillStyle = palette[fill];
      context.fill();
    }
    if (mark.stroke === undefined) return;
    this.pen(mark);
    context.stroke();
  }

  private icon({ icon, x, y, size, fill, hollow, turn = 0 }: IconMark): void {
    const { context, palette, scale } = this;
    let path = this.icons.get(icon);
    if (path === undefined) this.icons.set(icon, (path = new Path2D(ICONS[icon])));
    // There are thousands in a picture: saving and restoring would take longer than the drawing.
    context.setTransform(scale, 0, 0, scale, x * scale, y * scale);
    if (turn !== 0) context.rotate((turn * Math.PI) / 180);
    context.scale(size / 10, size / 10);
    context.fillStyle = hollow ? palette.bg : palette[fill];
    context.fill(path);
    if (hollow) {
      context.setLineDash([]);
      context.strokeStyle = palette[fill];
      context.lineWidth = 1.6;
      context.stroke(path);
    }
    context.setTransform(scale, 0, 0, scale, 0, 0);
  }

  private text({ x, y, text, fill, size, anchor, bold, halo }: TextMark): void {
    const { context, palette } = this;
    context.font = fontOf(size, bold);
    context.textAlign = anchor === 'middle' ? 'center' : anchor;
    if (halo !== undefined) {
      context.setLineDash([]);
      context.lineJoin = 'round';
      context.lineWidth = 3;
      context.strokeStyle = palette[halo];
      context.strokeText(text, x, y);
    }
    context.fillStyle = palette[fill];
    context.fillText(text, x, y);
  }

  /** Neighbouring columns of one paint are one rectangle. */
  private columns({ y, height, columns, paints }: ColumnsMark): void {
    const { context, palette } = this;
    for (let x = 0; x < columns.length; ) {
      const code = columns[x]!;
      let end = x + 1;
      while (end < columns.length && columns[end] === code) end++;
      if (code > 0) {
        context.fillStyle = palette[paints[code - 1]!];
        context.fillRect(x, y, end - x, height);
      }
      x = end;
    }
  }

  private pen({ stroke, strokeWidth, dash }: Pick<RectMark, 'stroke' | 'strokeWidth' | 'dash'>) {
    const { context, palette } = this;
    context.strokeStyle = palette[stroke!];
    context.lineWidth = strokeWidth ?? 1;
    context.setLineDash((dash as number[] | undefined) ?? []);
  }

  private pattern(texture: Texture): CanvasPattern | null {
    const known = this.textures.get(texture);
    if (known !== undefined) return known;
    const { size, path, paint } = TEXTURES[texture];
    const tile = new OffscreenCanvas(size, size);
    const context = tile.getContext('2d')!;
    context.strokeStyle = this.palette[paint];
    context.lineWidth = 1.5;
    context.stroke(new Path2D(path));
    const pattern = this.context.createPattern(tile, 'repeat');
    this.textures.set(texture, pattern);
    return pattern;
  }
}

function fontOf(size: number, bold: boolean | undefined): string {
  return `${bold ? '600 ' : ''}${size}px ${FONT}`;
}

/** Measures texts as the painter will draw them; widths seen before are remembered. */
export function createMeasure(context: CanvasRenderingContext2D) {
  const widths = new Map<string, number>();
  return (text: string, size: number, bold?: boolean): number => {
    const font = fontOf(size, bold);
    const name = `${font} ${text}`;
    const known = widths.get(name);
    if (known !== undefined) return known;
    context.font = font;
    const { width } = context.measureText(text);
    if (widths.size > 10_000) widths.clear();
    widths.set(name, width);
    return width;
  };
}
