/** The scenario as text: JSON that is checked when it is applied. */
import { useSignal } from '@preact/signals';
import type { Scenario } from '../../../src/scenario.js';
import type { LabState } from './lab-state.js';

export function ScenarioText({ lab }: { readonly lab: LabState }) {
  const plan = lab.plan.value!;
  const text = useSignal(JSON.stringify(plan.scenario, undefined, 2));
  const problem = useSignal<string | undefined>(undefined);
  const apply = () => {
    try {
      lab.change(JSON.parse(text.value) as Scenario);
      problem.value = undefined;
    } catch (error) {
      problem.value = `this is no JSON: ${(error as Error).message}`;
    }
  };
  const wrong = problem.value ?? lab.problem.value?.message;
  return (
    <div class="text">
      <textarea
        aria-label="Scenario as JSON"
        spellcheck={false}
        rows={30}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
      {wrong !== undefined && <p role="alert">{wrong}</p>}
      <button type="button" onClick={apply}>
        Apply
      </button>
    </div>
  );
}
