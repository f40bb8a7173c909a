/** Textures as tiles: what is told apart without colour. */
import type { Texture } from './marks.js';
import type { Palette } from './paints.js';

/** What each texture is made of: lines of a tile, in its size. */
export const TEXTURES: Readonly<
  Record<Texture, { readonly size: number; readonly path: string; readonly paint: keyof Palette }>
> = {
  unfounded: { size: 8, path: 'M-2 2L2 -2M0 8L8 0M6 10L10 6', paint: 'violation' },
  paused: { size: 8, path: 'M-2 6L2 10M0 0L8 8M6 -2L10 2', paint: 'neutral' },
  dead: { size: 8, path: 'M3.4 4H4.6M7.4 0H8.6M-0.6 8H0.6', paint: 'neutral' },
  delayed: { size: 4, path: 'M0 2H2', paint: 'neutral' },
};
