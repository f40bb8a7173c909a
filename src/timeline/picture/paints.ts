/**
 * The palette in both themes. Every paint of a graphic keeps a contrast of 3:1 to the panel and all
 * of them can be told apart under protanopia, deuteranopia and tritanopia; a test computes both.
 */
import type { Paint } from './marks.js';

export type Theme = 'light' | 'dark';
export type Palette = Readonly<Record<Paint, string>>;

const LIGHT: Palette = {
  bg: '#FFFFFF',
  panel: '#F6F8FA',
  ink: '#1B1F24',
  muted: '#57606A',
  grid: '#E5E8EC',
  neutral: '#6B7280',
  violation: '#E8500A',
  violationText: '#B83A00',
  violationBg: '#FDE7DC',
  ok: '#0F7A56',
  onFill: '#FFFFFF',
  c1: '#0B45D9',
  c2: '#6B4E00',
  c3: '#0F7A56',
  c4: '#86107E',
  c5: '#1E92DB',
};

const DARK: Palette = {
  bg: '#12161C',
  panel: '#171C24',
  ink: '#E6EAF0',
  muted: '#9AA4B2',
  grid: '#242B35',
  neutral: '#8B949E',
  violation: '#F0895C',
  violationText: '#FFA27A',
  violationBg: '#3A2117',
  ok: '#2EDDA2',
  onFill: '#12161C',
  c1: '#A9BFFF',
  c2: '#F7CC4B',
  c3: '#2EDDA2',
  c4: '#F02FC8',
  c5: '#1493E6',
};

export const PALETTES: Readonly<Record<Theme, Palette>> = { light: LIGHT, dark: DARK };

const IDENTITIES = ['c1', 'c2', 'c3', 'c4', 'c5'] as const;
const SHAPES = ['circle', 'square', 'triangle', 'diamond', 'pentagon'] as const;

/** Colour and shape of a client, by its place among the clients: never one without the other. */
export function identityOf(client: number): {
  readonly paint: Paint;
  readonly shape: (typeof SHAPES)[number];
} {
  const turn = client % IDENTITIES.length;
  return { paint: IDENTITIES[turn]!, shape: SHAPES[turn]! };
}
