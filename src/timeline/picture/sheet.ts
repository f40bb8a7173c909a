/** The sheet that a picture is drawn on: its view, its lanes, and the marks so far. */
import { instantAtX, type View, xAt } from './axis.js';
import type { Lane } from './lanes.js';
import type { Mark, Measure, Paint, RectMark, Ref } from './marks.js';
import { identityOf } from './paints.js';
import type { Scene } from './scene.js';

/** More than so many things in one lane have too few pixels each, and are drawn as columns. */
export const MANY = 400;

export class Sheet {
  readonly marks: Mark[] = [];
  readonly fromUs: number;
  readonly untilUs: number;
  private edges: Float64Array | undefined;

  constructor(
    readonly scene: Scene,
    readonly view: View,
    readonly lanes: readonly Lane[],
    readonly measure: Measure,
  ) {
    this.fromUs = instantAtX(view, 0);
    this.untilUs = instantAtX(view, view.width);
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

  /** The pixels of a stretch of time, cut at the edges of the sheet; at least one wide. */
  extent(fromUs: number, untilUs: number): { readonly x: number; readonly width: number } {
    const x = Math.max(this.x(fromUs), -4);
    const end = Math.min(this.x(untilUs), this.view.width + 4);
    return { x, width: Math.max(end - x, 1) };
  }

  add(mark: Mark): void {
    this.marks.push(mark);
  }

  /** A bar over a stretch of time. */
  bar(
    fromUs: number,
    untilUs: number,
    y: number,
    height: number,
    look: Partial<Omit<RectMark, 'type' | 'x' | 'y' | 'width' | 'height'>>,
  ): void {
    this.add({ type: 'rect', ...this.extent(fromUs, untilUs), y, height, ...look });
  }

  /** A text inside a stretch of time, if it fits there. */
  label(
    fromUs: number,
    untilUs: number,
    y: number,
    text: string,
    fill: Paint,
    more: { readonly size?: number; readonly ref?: Ref; readonly halo?: Paint } = {},
  ): void {
    const { x, width } = this.extent(fromUs, untilUs);
    const { size = 11, ...rest } = more;
    const room = width - 8;
    if (this.measure(text, size) > room) return;
    this.add({
      type: 'text',
      x: Math.max(x, 0) + 4,
      y,
      text,
      fill,
      size,
      anchor: 'start',
      ...rest,
    });
  }
}
