/** Opens a trace from a file: chosen, or dropped on the page. */
import { useSignalEffect } from '@preact/signals';
import { FileField } from '../parts/file-field.js';
import { dropped } from '../state/dropped.js';
import { go, route } from '../state/route.js';
import { openedTrace, readFile } from '../state/traces.js';

export function OpenFile({ fail }: { readonly fail: (message: string) => void }) {
  const open = (file: File) => {
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
    if (file !== undefined) open(file);
  });
  return (
    <p class="open">
      <FileField label="Open a trace" open={open} />
    </p>
  );
}
