/** Opens a trace from a file: chosen, or dropped on the page. */
import { useSignalEffect } from '@preact/signals';
import { dropped } from '../state/dropped.js';
import { go, route } from '../state/route.js';
import { openedTrace, readFile } from '../state/traces.js';

export function OpenFile({ fail }: { readonly fail: (message: string) => void }) {
  const open = (file: File | undefined) => {
    if (file === undefined) return;
    readFile(file)
      .then((trace) => {
        if (route.value.parameters.size > 0) go('#/x');
        openedTrace.value = trace;
      })
      .catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
  };
  useSignalEffect(() => {
    const file = dropped.value;
    dropped.value = undefined;
    open(file);
  });
  return (
    <p class="open">
      <label>
        Open a trace{' '}
        <input
          type="file"
          accept=".json,.gz,application/json"
          onChange={({ currentTarget }) => {
            open(currentTarget.files?.[0]);
            // The same file, written again, can be chosen again.
            currentTarget.value = '';
          }}
        />
      </label>
    </p>
  );
}
