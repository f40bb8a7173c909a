/**
 * What a picture is made of: plain marks with places, sizes and names of their paints. A picture
 * is computed once (picture.ts) and then drawn on a canvas, written as SVG, or looked at by a test.
 */

/** Names of colours; what they look like depends on the theme (paints.ts). */
export type Paint =
  | 'bg'
  | 'panel'
  | 'ink'
  | 'muted'
  | 'grid'
  | 'neutral'
  | 'violation'
  | 'violationText'
  | 'violationBg'
  | 'ok'
  | 'onFill'
  | 'c1'
  | 'c2'
  | 'c3'
  | 'c4'
  | 'c5';

/** Unfounded belief leans to the right, a pause to the left: told apart without colour. */
export type Texture = 'unfounded' | 'paused' | 'dead' | 'delayed';

/** Drawn as paths: glyphs of fonts are missing on some machines. */
export type IconName =
  | 'circle'
  | 'square'
  | 'triangle'
  | 'diamond'
  | 'pentagon'
  | 'cross'
  | 'flag'
  | 'pause'
  | 'bolt'
  | 'zigzag'
  | 'arrow'
  | 'arrow-open';

/** What a mark stands for: a row, a message, a fault or a violation, by index. */
export type Ref =
  | { readonly row: number }
  | { readonly message: number }
  | { readonly fault: number }
  | { readonly violation: number };

interface Common {
  /** Absent: the mark stands for nothing that could be chosen. */
  readonly ref?: Ref | undefined;
  /** 0 to 1; absent: 1. */
  readonly opacity?: number | undefined;
}

export interface RectMark extends Common {
  readonly type: 'rect';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill?: Paint | undefined;
  readonly stroke?: Paint | undefined;
  readonly strokeWidth?: number | undefined;
  readonly dash?: readonly number[] | undefined;
  readonly texture?: Texture | undefined;
}

export interface LineMark extends Common {
  readonly type: 'line';
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly stroke?: Paint | undefined;
  readonly strokeWidth?: number | undefined;
  readonly dash?: readonly number[] | undefined;
  /** Closed and filled. */
  readonly fill?: Paint | undefined;
}

export interface IconMark extends Common {
  readonly type: 'icon';
  readonly icon: IconName;
  /** Middle. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly fill: Paint;
  /** Only the outline. */
  readonly hollow?: boolean | undefined;
  /** Clockwise, in degrees. */
  readonly turn?: number | undefined;
}

export interface TextMark extends Common {
  readonly type: 'text';
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly text: string;
  readonly fill: Paint;
  readonly size: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly bold?: boolean | undefined;
  /** What stands around the letters, so that they can be read on lines. */
  readonly halo?: Paint | undefined;
}

/** Many marks that share columns of pixels: for each column the paint of the weightiest one. */
export interface ColumnsMark extends Common {
  readonly type: 'columns';
  readonly y: number;
  readonly height: number;
  /** For each pixel from 0 on: index into `paints`, plus one; 0 for nothing. */
  readonly columns: Uint8Array;
  readonly paints: readonly Paint[];
}

export type Mark = RectMark | LineMark | IconMark | TextMark | ColumnsMark;

/** Width of a text in pixels: the host knows its fonts, a test answers a constant. */
export type Measure = (text: string, size: number, bold?: boolean) => number;
