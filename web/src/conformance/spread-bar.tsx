/** How late the steps of a story were: a bar to the median, a thinner one to 95 of 100, a line. */
import type { Timing } from '../../../src/timeline/conformance/document.js';
import { lateness } from '../../../src/timeline/conformance/words.js';
import { placeOf } from './scale.js';

const WIDTH = 150;
const HEIGHT = 12;
const MIDDLE = HEIGHT / 2;
/** Half of what the mark at the end is wide. */
const END = 3;

const US_PER_S = 1_000_000;

const xOf = (us: number, marks: readonly number[]) => END + placeOf(us, marks) * (WIDTH - 2 * END);

interface Props {
  readonly timing: Timing | undefined;
  readonly marks: readonly number[];
}

export function SpreadBar({ timing, marks }: Props) {
  if (timing === undefined) return <span class="muted">not measured</span>;
  const { medianUs, p95Us, maxUs } = timing;
  const x = (us: number) => xOf(us, marks);
  return (
    <>
      <svg class="spread" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        {marks.map((us) => (
          <line key={us} class="mark" x1={x(us)} x2={x(us)} y1="0" y2={HEIGHT} />
        ))}
        <line class="line" x1={END} x2={x(maxUs)} y1={MIDDLE} y2={MIDDLE} />
        <rect class="most" x={END} y={MIDDLE - 2} width={x(p95Us) - END} height="4" />
        <rect class="half" x={END} y="1" width={x(medianUs) - END} height={HEIGHT - 2} />
        <path
          class="half"
          d={`M${x(maxUs)} ${MIDDLE - END}l${END} ${END}l${-END} ${END}l${-END} ${-END}Z`}
        />
      </svg>
      <span class="fine">
        median {lateness(medianUs)}, 95 % {lateness(p95Us)}, latest {lateness(maxUs)}
      </span>
    </>
  );
}

/** The scale above the bars: `1 ms`, `10`, `100`, `1 s`. */
export function SpreadScale({ marks }: Pick<Props, 'marks'>) {
  return (
    <svg class="spread" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {marks.map((us, index) => (
        <text key={us} x={xOf(us, marks)} y={HEIGHT - 2} class={anchorOf(index, marks.length)}>
          {us < US_PER_S && index > 0 ? us / 1_000 : lateness(us)}
        </text>
      ))}
    </svg>
  );
}

const anchorOf = (index: number, count: number) =>
  index === 0 ? 'first' : index === count - 1 ? 'last' : 'between';
