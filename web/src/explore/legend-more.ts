/** Marks of the legend that not every run has: of several servers, queues, clocks, verdicts. */
import type { Mark } from '../../../src/timeline/picture/marks.js';

export type Entry = readonly [marks: readonly Mark[], says: string];

type Points = readonly (readonly [x: number, y: number])[];

const bar = { type: 'rect', x: 2, y: 3, width: 40, height: 12 } as const;
const line = (points: Points, look: Partial<Mark> = {}): Mark =>
  ({ type: 'line', points, stroke: 'ink', ...look }) as Mark;
const cell = (x: number, isFull: boolean): Mark => ({
  type: 'rect',
  ...{ x, y: 5, width: 5, height: 5, stroke: 'c1', fill: isFull ? 'c1' : 'bg' },
});

const RIBBON: Points = [
  [2, 16],
  [2, 10],
  [12, 10],
  [12, 4],
  [34, 4],
  [34, 16],
];
const RATCHET: Points = [
  [2, 15],
  [16, 15],
  [16, 9],
  [30, 9],
  [30, 3],
  [42, 3],
];
const RIDGE: Points = [
  [2, 16],
  [10, 8],
  [18, 12],
  [26, 3],
  [34, 11],
  [42, 16],
];
const BRACKET: Points = [
  [30, 3],
  [34, 3],
  [34, 15],
  [30, 15],
];

export const MORE: readonly Entry[] = [
  [
    [
      { ...bar, fill: 'bg', stroke: 'c1' },
      { ...bar, x: 24, width: 18, fill: 'c1' },
    ],
    'a lease that is a place in a queue: hollow while its client waits',
  ],
  [
    [
      ...[0, 1, 2, 3, 4].map((at) => cell(6 + at * 7, at < 3)),
      line(
        [
          [6, 13],
          [39, 13],
        ],
        { stroke: 'c1', strokeWidth: 1.5 },
      ),
    ],
    'a try on several servers: full where one granted; the line: enough of them did',
  ],
  [
    [
      line(RIBBON, { stroke: undefined, fill: 'c1', opacity: 0.55 }),
      line(
        [
          [0, 8],
          [44, 8],
        ],
        { dash: [4, 3] },
      ),
    ],
    'how many servers a client has; the dashes: how many it takes to hold',
  ],
  [
    [line(RATCHET, { stroke: 'muted', strokeWidth: 1.5 })],
    'the highest fencing token that the resource has accepted',
  ],
  [
    [8, 22, 36].map((x) =>
      line(
        [
          [x, 18],
          [x, 12],
        ],
        { stroke: 'muted' },
      ),
    ),
    'whole seconds of a clock of its own',
  ],
  [[{ type: 'icon', icon: 'bolt', x: 22, y: 9, size: 14, fill: 'violation' }], 'a fault strikes'],
  [
    [
      { ...bar, y: 0, height: 18, fill: 'violation', opacity: 0.1 },
      line(BRACKET, { stroke: 'violation', strokeWidth: 2.5 }),
    ],
    'a property breaks: from the first proof to the last; the bracket joins who was inside at once',
  ],
  [
    [line(RIDGE, { stroke: undefined, fill: 'neutral', opacity: 0.4 })],
    'messages that are too many for a line each',
  ],
  [
    [{ ...bar, height: 14, stroke: 'c1', opacity: 0.45, dash: [8, 3] }],
    'in the Lab: who held and who believed before the last edit',
  ],
];
