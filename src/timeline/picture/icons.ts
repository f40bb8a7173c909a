/** Icons as paths in a box from −5 to 5: SVG path data, which a canvas understands as well. */
import type { IconName } from './marks.js';

export const ICONS: Readonly<Record<IconName, string>> = {
  circle: 'M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z',
  square: 'M-4.4 -4.4H4.4V4.4H-4.4Z',
  triangle: 'M0 -5L5 4.2H-5Z',
  diamond: 'M0 -5L5 0L0 5L-5 0Z',
  pentagon: 'M0 -5L4.8 -1.5L2.9 4.2H-2.9L-4.8 -1.5Z',
  cross: 'M-5 -3.4L-3.4 -5L0 -1.6L3.4 -5L5 -3.4L1.6 0L5 3.4L3.4 5L0 1.6L-3.4 5L-5 3.4L-1.6 0Z',
  flag: 'M-4 -5H-2.8V-4.4H4.6L2.4 -1.8L4.6 0.8H-2.8V5H-4Z',
  pause: 'M-4 -5H-1V5H-4ZM1 -5H4V5H1Z',
  bolt: 'M1.5 -5L-4 1H-0.8L-1.8 5L4 -1.2H0.6Z',
  zigzag: 'M-5 1L-2 -4L1 3L3.4 -1.4L5 0.2L4 1L3.5 0.6L1 5L-2 -1.6L-3.8 1.6Z',
  arrow: 'M0 -5L4 5H-4Z',
  'arrow-open': 'M0 -5L4 5L2.6 5.5L0 -1.4L-2.6 5.5L-4 5Z',
};
