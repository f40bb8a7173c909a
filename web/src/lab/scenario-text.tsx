/** The scenario as text: JSON that is checked when it is applied, as a file of the command is. */
import { useSignal } from '@preact/signals';
import type { LabState } from './lab-state.js';

export function ScenarioText({ lab }: { readonly lab: LabState }) {
  const text = useSignal(JSON.stringify(lab.plan.value?.scenario, undefined, 2));
  const problem = useSignal<string | undefined>(undefined);
  const apply = async () => {
    const { parseScenario } = await import('../../../src/schema/scenario.js');
    try {
      lab.change(parseScenario('the scenario', text.value));
      problem.value = undefined;
    } catch (error) {
      problem.value = (error as Error).message;
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
      <button type="button" onClick={() => void apply()}>
        Apply
      </button>
    </div>
  );
}
