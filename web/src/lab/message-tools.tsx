/** What can be done to the message that is chosen: lost, or late. */
import { delayMessage, dropMessage } from '../../../src/lab/message-edits.js';
import type { ExploreState } from '../explore/explore-state.js';
import type { LabState } from './lab-state.js';

interface Props {
  readonly lab: LabState;
  readonly state: ExploreState;
}

export function MessageTools({ lab, state }: Props) {
  const scenario = lab.plan.value?.scenario;
  const ref = state.selection.value;
  if (scenario === undefined || ref === undefined || !('message' in ref)) return null;
  const lateUs = scenario.ttlMs * 1_000;
  return (
    <p class="moves">
      <button
        type="button"
        onClick={() => lab.change(dropMessage(scenario, state.model, ref.message))}
      >
        Lose this message
      </button>
      <button
        type="button"
        onClick={() => lab.change(delayMessage(scenario, state.model, ref.message, lateUs))}
      >
        Delay it by the TTL
      </button>
    </p>
  );
}
