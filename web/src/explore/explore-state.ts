/**
 * What somebody looks at in a run: the part of it, the cursor, what is chosen and what explained.
 * Every panel and the address of the page are projections of this one state.
 */
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { chainOf } from '../../../src/timeline/derive/chain.js';
import { stateAt, type WorldState } from '../../../src/timeline/derive/state.js';
import type { TraceModel } from '../../../src/timeline/model.js';
import {
  type AxisKind,
  instantAt,
  instantAtX,
  lengthAt,
  panned,
  stepWarp,
  timeWarp,
  type View,
  viewOf,
  type Warp,
  wholeView,
  xAt,
  zoomed,
} from '../../../src/timeline/picture/axis.js';
import type { Density } from '../../../src/timeline/picture/lanes.js';
import { ALL_LAYERS, type Layer, type Layers } from '../../../src/timeline/picture/layers.js';
import type { Ref } from '../../../src/timeline/picture/marks.js';
import { Scene } from '../../../src/timeline/picture/scene.js';

/** Width before the page has been laid out. */
const FIRST_WIDTH = 1_000;
/** How much of the picture the chain of a violation takes when it is shown. */
const CHAIN_SHARE = 0.7;

/** Of what true time shows around a violation, at least. */
const LEAST_HALF_US = 1_000;

export class ExploreState {
  readonly scene: Scene;
  readonly width = signal(FIRST_WIDTH);
  readonly axis: Signal<AxisKind> = signal('step');
  readonly view: Signal<View>;
  readonly cursorUs = signal(0);
  readonly selection: Signal<Ref | undefined> = signal(undefined);
  /** Index of the violation that is explained. */
  readonly explained: Signal<number | undefined> = signal(undefined);
  /** `undefined`: as high as fits. */
  readonly density: Signal<Density | undefined> = signal(undefined);
  /** What of the run is drawn. */
  readonly layers: Signal<Layers> = signal(ALL_LAYERS);
  readonly query = signal('');
  /** What the voice says. */
  readonly said = signal('');
  readonly showsKeys = signal(false);
  readonly showsLayers = signal(false);
  readonly chain: ReadonlySignal<readonly number[] | undefined>;
  readonly world: ReadonlySignal<WorldState>;
  private readonly warps = new Map<AxisKind, Warp>();

  constructor(readonly model: TraceModel) {
    this.scene = new Scene(model);
    this.view = signal(wholeView(this.warp('step'), FIRST_WIDTH));
    this.chain = computed(() => {
      const violation = model.file.violations[this.explained.value ?? -1];
      return violation === undefined ? undefined : chainOf(model, violation);
    });
    this.world = computed(() => stateAt(model, this.cursorUs.value));
    this.openAtViolation();
  }

  warp(axis: AxisKind): Warp {
    let warp = this.warps.get(axis);
    if (warp === undefined) {
      warp = axis === 'time' ? timeWarp(this.model) : stepWarp(this.model);
      this.warps.set(axis, warp);
    }
    return warp;
  }

  /** Draws what was left out, or leaves it out. */
  flip(layer: Layer): void {
    const layers = new Set(this.layers.value);
    if (!layers.delete(layer)) layers.add(layer);
    this.layers.value = layers;
  }

  /** The picture got another width: the same part of the run fills it. */
  resize(width: number): void {
    if (width <= 0 || width === this.width.value) return;
    this.width.value = width;
    const { warp, from, until } = this.view.value;
    this.view.value = viewOf(warp, width, from, until);
  }

  setAxis(axis: AxisKind): void {
    if (axis === this.axis.value) return;
    const [fromUs, untilUs] = this.shownUs();
    const atUs = instantOfRef(this.model, { violation: this.explained.value ?? 0 });
    this.axis.value = axis;
    if (axis === 'step' || atUs === undefined) return this.show(fromUs, untilUs);
    // In the middle: what took most of the steps may be a hair of the time.
    const halfUs = Math.min((untilUs - fromUs) / 2, Math.max(atUs, LEAST_HALF_US));
    this.show(atUs - halfUs, atUs + halfUs);
  }

  /** Looks at this run as somebody looked at another one: the same stretch, the same settings. */
  lookAs(other: ExploreState): void {
    this.width.value = other.width.value;
    this.axis.value = other.axis.value;
    this.density.value = other.density.value;
    this.layers.value = other.layers.value;
    const [fromUs, untilUs] = other.shownUs();
    this.show(fromUs, untilUs);
    this.cursorUs.value = Math.min(other.cursorUs.value, this.model.endUs);
    this.selection.value = undefined;
  }

  /** The instant under a pixel. */
  instantAt(x: number): number {
    return instantAtX(this.view.value, x);
  }

  /** First and last instant on the screen. */
  shownUs(): readonly [fromUs: number, untilUs: number] {
    const { from, until, warp } = this.view.value;
    return [instantAt(warp, from), instantAt(warp, until)];
  }

  show(fromUs: number, untilUs: number): void {
    const warp = this.warp(this.axis.value);
    const [from, until] = [lengthAt(warp, fromUs), lengthAt(warp, untilUs)];
    this.view.value = viewOf(warp, this.width.value, from, until);
  }

  showAll(): void {
    this.view.value = wholeView(this.warp(this.axis.value), this.width.value);
  }

  zoom(factor: number, x = this.cursorX()): void {
    this.view.value = zoomed(this.view.value, x, factor);
  }

  pan(byPixels: number): void {
    this.view.value = panned(this.view.value, byPixels);
  }

  cursorX(): number {
    return Math.min(Math.max(xAt(this.view.value, this.cursorUs.value), 0), this.width.value);
  }

  /** Moves the cursor, and the view after it if it has left. */
  moveTo(atUs: number): void {
    this.cursorUs.value = Math.min(Math.max(atUs, 0), this.model.endUs);
    const view = this.view.value;
    const x = xAt(view, this.cursorUs.value);
    if (x < 0 || x > view.width) this.view.value = panned(view, x - view.width / 2);
  }

  choose(ref: Ref | undefined): void {
    batch(() => {
      this.selection.value = ref;
      const atUs = ref === undefined ? undefined : instantOfRef(this.model, ref);
      if (atUs !== undefined) this.moveTo(atUs);
    });
  }

  chooseRow(row: number): void {
    if (row >= 0 && row < this.model.rows) this.choose({ row });
  }

  /** The row that is chosen, or the last one before the cursor. */
  get row(): number {
    const ref = this.selection.value;
    if (ref !== undefined && 'row' in ref) return ref.row;
    return this.model.rowAfter(this.cursorUs.value) - 1;
  }

  explain(violation: number | undefined): void {
    this.explained.value = violation;
    const rows = this.chain.value;
    if (rows === undefined || rows.length === 0) return;
    this.frame(rows);
  }

  /** Shows these rows with some room around them. */
  frame(rows: readonly number[]): void {
    const warp = this.warp(this.axis.value);
    const times = rows.map((row) => lengthAt(warp, this.model.atUs[row]!));
    const from = Math.min(...times);
    const until = Math.max(...times);
    const room = Math.max((until - from) * (1 / CHAIN_SHARE - 1), 60) / 2;
    this.view.value = viewOf(warp, this.width.value, from - room, until + room);
  }

  private openAtViolation(): void {
    const { violations } = this.model.file;
    const witness = violations[0]?.witness;
    if (witness === undefined || witness.length === 0) return;
    const last = Math.max(...witness);
    this.frame(chainOf(this.model, violations[0]!));
    this.cursorUs.value = this.model.atUs[last]!;
    this.selection.value = { row: last };
  }
}

/** When what is chosen happened, began or left. */
export function instantOfRef(model: TraceModel, ref: Ref): number | undefined {
  if ('row' in ref) return model.atUs[ref.row];
  if ('message' in ref) return model.messages[ref.message]?.sentAtUs;
  if ('fault' in ref) return model.file.faults[ref.fault]?.fromUs;
  const witness = model.file.violations[ref.violation]?.witness ?? [];
  return witness.length === 0 ? undefined : model.atUs[Math.max(...witness)];
}
