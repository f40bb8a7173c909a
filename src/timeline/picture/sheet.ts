/** The sheet that a picture is drawn on: its view, its lanes, and the marks so far. */
import { sure } from '../derive/bounds.js';
import type { ModelSpan } from '../model.js';
import { instantAtX, type View, xAt } from './axis.js';
import type { Lane } from './lanes.js';
import { ALL_LAYERS, type Layer, type Layers } from './layers.js';
import type { Mark, Measure, Paint, RectMark, Ref } from './marks.js';
import { identityOf } from './paints.js';
import type { Rest } from './rest.js';
import type { Scene } from './scene.js';

/** More than so many things in one lane have too few pixels each, and are drawn as columns. */
export const MANY = 400;
/** In all lanes together: many lanes have fewer things each, or a frame takes too long. */
const MANY_IN_ALL = 2_400;

/** How a bar looks, wherever it is. */
export type Look = Partial<Omit<RectMark, 'type' | 'x' | 'y' | 'width' | 'height'>>;

export class Sheet {
  readonly under: Mark[] = [];
  /** Words lie over all lines, whichever lane drew them. */
  readonly words: Mark[] = [];
  readonly fromUs: number;
  readonly untilUs: number;
  /** More things than this in one lane are drawn as columns. */
  readonly many: number;
  private edges: Float64Array | undefined;

  constructor(
    readonly scene: Scene,
    readonly view: View,
    readonly lanes: readonly Lane[],
    readonly measure: Measure,
    private readonly layers: Layers = ALL_LAYERS,
    readonly rest: Rest | undefined = undefined,
  ) {
    this.fromUs = instantAtX(view, 0) - scene.slackUs;
    this.untilUs = instantAtX(view, view.width) + scene.slackUs;
    this.many = Math.min(MANY, MANY_IN_ALL / lanes.length);
  }

  get marks(): readonly Mark[] {
    return [...this.under, ...this.words];
  }

  shows(layer: Layer): boolean {
    return this.layers.has(layer);
  }

  /** The instant at the left edge of each column of pixels, and at the right edge of the last. */
  get columnEdges(): Float64Array {
    if (this.edges === undefined) {
      this.edges = new Float64Array(Math.ceil(this.view.width) + 1);
      for (let x = 0; x < this.edges.length; x++) this.edges[x] = instantAtX(this.view, x);
    }
    return this.edges;
  }

  x(atUs: number): number {
    return xAt(this.view, atUs);
  }

  instantAt(x: number): number {
    return instantAtX(this.view, x);
  }

  laneOf(host: number): Lane | undefined {
    return this.lanes.find((lane) => lane.host === host);
  }

  paintOf(host: number): Paint {
    return identityOf(this.scene.clientNumber(host)).paint;
  }

  nameOf(host: number): string {
    return this.scene.model.hosts[host]?.id ?? '';
  }

  /** ` · 34`: the fencing token of a grant, if it has one and they are drawn. */
  tokenWords(grant: number): string {
    const fencingToken = this.shows('fencing-tokens') ? this.scene.tokenOf(grant) : undefined;
    return fencingToken === undefined ? '' : ` · ${fencingToken}`;
  }

  /** The pixels of a stretch of time, cut at the edges of the sheet; at least two wide. */
  extent(fromUs: number, untilUs: number): { readonly x: number; readonly width: number } {
    const x = this.within(this.x(fromUs));
    const end = this.within(this.x(untilUs));
    return { x, width: Math.max(end - x, 2) };
  }

  /** A place cut at the edges of the sheet. */
  within(x: number): number {
    return Math.min(Math.max(x, -4), this.view.width + 4);
  }

  add(mark: Mark): void {
    (mark.type === 'text' ? this.words : this.under).push(mark);
  }

  /** A bar over a stretch of time. */
  bar(fromUs: number, untilUs: number, y: number, height: number, look: Look): void {
    this.add({ type: 'rect', ...this.extent(fromUs, untilUs), y, height, ...look });
  }

  /** A bar over a span, full where it lasted for sure. */
  span(one: ModelSpan, y: number, height: number, look: Look): void {
    const { fromUs, untilUs } = sure(one);
    if (one.bounds === undefined || untilUs > fromUs) this.bar(fromUs, untilUs, y, height, look);
    if (one.bounds !== undefined) this.rest?.drawEnds(this, one, { y, height }, look);
  }

  /** A text inside a stretch of time, if it fits there; `plate` is what lies under its letters. */
  label(
    fromUs: number,
    untilUs: number,
    y: number,
    text: string,
    fill: Paint,
    more: {
      readonly size?: number;
      readonly ref?: Ref | undefined;
      readonly halo?: Paint;
      readonly plate?: Paint;
    } = {},
  ): void {
    const extent = this.extent(fromUs, untilUs);
    const { size = 11, plate, ...rest } = more;
    const x = Math.max(extent.x, 0) + 4;
    const width = this.measure(text, size);
    if (x + width + 4 > Math.min(extent.x + extent.width, this.view.width + 4)) return;
    if (plate !== undefined) {
      const box = { x: x - 2, y: y - size, width: width + 4, height: size + 3 };
      this.words.push({ type: 'rect', ...box, fill: plate, ref: rest.ref });
    }
    this.add({
      type: 'text',
      x,
      y,
      text,
      fill,
      size,
      anchor: 'start',
      ...rest,
    });
  }
}
