/** The legend where it is not part of the page from the start: loaded when it is opened. */
import { useSignal } from '@preact/signals';
import type { TraceModel } from '../../../src/timeline/model.js';
import { Loaded } from '../parts/loaded.js';

export const LEGEND_SAYS = 'What the marks and words mean';

const meanings = async () => (await import('./legend.js')).Meanings;

export function LegendBelow(props: {
  readonly models: readonly TraceModel[];
  readonly isVeiled?: boolean;
}) {
  const isOpen = useSignal(false);
  return (
    <details
      class="legend-of-marks"
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>{LEGEND_SAYS}</summary>
      {isOpen.value && <Loaded load={meanings} props={props} />}
    </details>
  );
}
