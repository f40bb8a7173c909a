/**
 * What the marks mean: they are drawn here as the picture draws them. And what the words on flags
 * and beside lanes mean, in the glossary's own.
 */
import { findEntry } from '../../../src/story/glossary/index.js';
import { svgOf } from '../../../src/timeline/export/svg.js';
import type { TraceModel } from '../../../src/timeline/model.js';
import { endMarks } from '../../../src/timeline/picture/ends.js';
import type { Mark } from '../../../src/timeline/picture/marks.js';
import { palette } from '../parts/theme.js';
import { LEGEND_SAYS } from './legend-below.js';
import { type Entry, MORE } from './legend-more.js';

const [WIDTH, HEIGHT] = [44, 18];
const bar = { type: 'rect', x: 2, y: 3, width: 40, height: 12 } as const;
const ends = (y: number) =>
  [
    [2, y],
    [42, y],
  ] as const;
const across = [
  [4, 3],
  [38, 15],
] as const;

const LEGEND: readonly Entry[] = [
  [[{ ...bar, fill: 'c1', stroke: 'c1' }], 'believes that it holds the lock, and does'],
  [
    [{ ...bar, fill: 'bg', texture: 'unfounded', stroke: 'c1', strokeWidth: 2 }],
    'believes and does not hold: unfounded belief',
  ],
  [
    [{ ...bar, height: 6, fill: 'bg', stroke: 'c1', dash: [2, 2] }],
    'holds, and its owner is gone or does not know',
  ],
  [
    [
      { ...bar, x: 14, width: 18, fill: 'c1' },
      ...endMarks(14, 2, bar, { stroke: 'c1' }),
      ...endMarks(32, 42, bar, { stroke: 'c1' }),
    ],
    'of a real run: sure where it is full, possible as far as the whiskers reach',
  ],
  [[{ ...bar, y: 7, height: 4, stroke: 'neutral' }], 'waits for the lock'],
  [
    [
      { ...bar, y: 6, height: 6, fill: 'ink' },
      {
        type: 'line',
        points: [
          [20, 15],
          [24, 3],
        ],
        stroke: 'ink',
        strokeWidth: 2,
      },
    ],
    'inside its critical section; the notch: an access leaves',
  ],
  [
    [
      {
        type: 'line',
        points: [
          [2, 3],
          [2, 15],
          [42, 3],
        ],
        fill: 'c1',
        opacity: 0.45,
      },
    ],
    'what is left of a lease, as its server counts',
  ],
  [[{ ...bar, texture: 'paused' }], 'paused'],
  [[{ ...bar, fill: 'bg', texture: 'dead', stroke: 'ink' }], 'dead'],
  [
    [
      { ...bar, y: 6, height: 6, fill: 'neutral', opacity: 0.35 },
      { type: 'line', points: ends(12), stroke: 'ink', strokeWidth: 3 },
    ],
    'partition, in the lanes of both sides: nothing passes (∥), or nothing that way (→)',
  ],
  [
    [
      { type: 'line', points: across, stroke: 'neutral', strokeWidth: 1.2 },
      { type: 'icon', icon: 'arrow', x: 38, y: 15, size: 7, fill: 'neutral', turn: 120 },
    ],
    'message; a reply has an open head',
  ],
  [
    [
      { type: 'line', points: across, stroke: 'violation', dash: [4, 3] },
      { type: 'icon', icon: 'cross', x: 38, y: 14, size: 8, fill: 'violation' },
    ],
    'lost message',
  ],
  [
    [{ type: 'line', points: across, stroke: 'neutral', strokeWidth: 2.5, dash: [2, 3] }],
    'late: from when it was due to when it came',
  ],
  [[{ type: 'icon', icon: 'diamond', x: 22, y: 9, size: 12, fill: 'c1' }], 'accepted access'],
  [
    [
      { type: 'icon', icon: 'diamond', x: 22, y: 9, size: 12, fill: 'c1', hollow: true },
      { type: 'icon', icon: 'cross', x: 22, y: 9, size: 6, fill: 'violation' },
    ],
    'refused access',
  ],
  [[{ type: 'icon', icon: 'zigzag', x: 22, y: 9, size: 14, fill: 'violation' }], 'clock moved'],
  [
    [{ type: 'icon', icon: 'flag', x: 22, y: 9, size: 13, fill: 'violation' }],
    'a property breaks: its name and its class',
  ],
  [
    [18, 24].map((x) => ({
      type: 'line',
      points: [
        [x, 1],
        [x, 17],
      ],
      stroke: 'neutral',
      dash: [3, 3],
    })),
    'so much time is left out, in which nothing but messages happens',
  ],
  ...MORE,
];

interface Props {
  /** The runs that are shown: whose words are explained. */
  readonly models: readonly TraceModel[];
  /** What broke is not told, and its words neither. */
  readonly isVeiled?: boolean;
}

export function Legend(props: Props) {
  return (
    <details class="legend-of-marks">
      <summary>{LEGEND_SAYS}</summary>
      <Meanings {...props} />
    </details>
  );
}

export function Meanings({ models, isVeiled = false }: Props) {
  const words = new Set(models.flatMap((model) => wordsIn(model, isVeiled)));
  const entries = [...words].flatMap((word) => findEntry(word) ?? []);
  return (
    <>
      <ul>
        {LEGEND.map(([marks, says]) => (
          <li key={says}>
            <Sample marks={marks} /> {says}
          </li>
        ))}
      </ul>
      {entries.length > 0 && (
        <dl>
          {entries.map(({ name, short }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{short}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

/** What stands on flags, faults and lanes of a run, and is a word of the glossary. */
function wordsIn({ file, hosts }: TraceModel, isVeiled: boolean): string[] {
  return [
    ...(isVeiled ? [] : file.violations).flatMap(({ property, class: found }) => [
      property,
      ...(found === undefined ? [] : [found]),
    ]),
    ...file.faults.map((fault) => fault.class),
    ...hosts.map(({ kind }) => kind),
  ];
}

function Sample({ marks }: { readonly marks: readonly Mark[] }) {
  const picture = { width: WIDTH, height: HEIGHT, marks };
  const source = svgOf(picture, [], palette.value, '');
  return <img alt="" src={`data:image/svg+xml,${encodeURIComponent(source)}`} />;
}
