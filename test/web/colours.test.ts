/** Colours that everybody can read and tell apart, computed: contrast, and difference as seen. */
import { describe, expect, it } from 'vitest';
import type { Paint } from '../../src/timeline/picture/marks.js';
import { PALETTES } from '../../src/timeline/picture/paints.js';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const SIGHTS: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** IEC 61966-2-1. */
function linear(colour: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function times(matrix: Matrix, [r, g, b]: Triple): Triple {
  const [x, y, z] = matrix.map(([m, n, o]) => m * r + n * g + o * b) as [number, number, number];
  return [x, y, z];
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [r, g, b] = linear(colour);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

/** CIE L*a*b* under D65. */
function lab(rgb: Triple): Triple {
  const clipped = rgb.map((value) => Math.min(Math.max(value, 0), 1)) as [number, number, number];
  const [x, y, z] = times(
    [
      [0.4124564, 0.3575761, 0.1804375],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339, 0.119192, 0.9503041],
    ],
    clipped,
  );
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const [fx, fy, fz] = [f(x / 0.95047), f(y), f(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

const degrees = (radians: number) => (radians * 180) / Math.PI;
const cosine = (angle: number) => Math.cos((angle * Math.PI) / 180);

/** CIEDE2000, after Sharma, Wu and Dalal 2005. */
function difference([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const mean = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7)));
  const [p1, p2] = [a1 * (1 + g), a2 * (1 + g)];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const hue = (a: number, b: number) =>
    a === 0 && b === 0 ? 0 : (degrees(Math.atan2(b, a)) + 360) % 360;
  const [h1, h2] = [hue(p1, b1), hue(p2, b2)];
  const apart = h2 - h1;
  const turn = c1 * c2 === 0 ? 0 : apart > 180 ? apart - 360 : apart < -180 ? apart + 360 : apart;
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin((turn * Math.PI) / 360);
  const [L, C] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const sum = h1 + h2;
  const H =
    c1 * c2 === 0
      ? sum
      : Math.abs(apart) <= 180
        ? sum / 2
        : sum < 360
          ? (sum + 360) / 2
          : (sum - 360) / 2;
  const t =
    1 -
    0.17 * cosine(H - 30) +
    0.24 * cosine(2 * H) +
    0.32 * cosine(3 * H + 6) -
    0.2 * cosine(4 * H - 63);
  const sL = 1 + (0.015 * (L - 50) ** 2) / Math.sqrt(20 + (L - 50) ** 2);
  const sC = 1 + 0.045 * C;
  const sH = 1 + 0.015 * C * t;
  const rC = 2 * Math.sqrt(C ** 7 / (C ** 7 + 25 ** 7));
  const rT = -Math.sin((2 * 30 * Math.exp(-(((H - 275) / 25) ** 2)) * Math.PI) / 180) * rC;
  const [x, y, z] = [(l2 - l1) / sL, (c2 - c1) / sC, dH / sH];
  return Math.sqrt(x * x + y * y + z * z + rT * y * z);
}

const TOLD_APART: readonly Paint[] = ['c1', 'c2', 'c3', 'c4', 'c5', 'violation', 'neutral'];
const GRAPHIC: readonly Paint[] = [...TOLD_APART, 'ink', 'muted', 'ok'];
const TEXT: readonly Paint[] = ['ink', 'muted', 'violationText', 'ok'];
const LEAST_APART = 9;

describe('the measure itself', () => {
  it('has the values of the published test data (Sharma et al. 2005, table 1)', () => {
    const pairs: readonly (readonly [Triple, Triple, number])[] = [
      [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
      [[50, 2.5, 0], [73, 25, -18], 27.1492],
      [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
      [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
    ];
    for (const [one, other, expected] of pairs) {
      expect(difference(one, other)).toBeCloseTo(expected, 4);
    }
  });

  it('gives black on white a contrast of 21', () => {
    expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21, 6);
  });
});

for (const [theme, palette] of Object.entries(PALETTES)) {
  describe(`the ${theme} palette`, () => {
    it('has graphics that stand out from the panel at 3:1', () => {
      const weak = GRAPHIC.filter((paint) => contrast(palette[paint], palette.panel) < 3);
      expect(weak).toEqual([]);
    });

    it('has texts that are read on page and panel at 4.5:1', () => {
      const weak = TEXT.filter(
        (paint) =>
          contrast(palette[paint], palette.bg) < 4.5 ||
          contrast(palette[paint], palette.panel) < 4.5,
      );
      expect(weak).toEqual([]);
      expect(contrast(palette.violationText, palette.violationBg)).toBeGreaterThanOrEqual(4.5);
    });

    for (const [sight, matrix] of Object.entries(SIGHTS)) {
      it(`has clients, violation and neutral told apart with ${sight} sight`, () => {
        const seen = (paint: Paint) => lab(times(matrix, linear(palette[paint])));
        const close = TOLD_APART.flatMap((one, at) =>
          TOLD_APART.slice(at + 1)
            .map((other) => ({ pair: `${one} ${other}`, by: difference(seen(one), seen(other)) }))
            .filter(({ by }) => by < LEAST_APART),
        );
        expect(close).toEqual([]);
      });
    }
  });
}
