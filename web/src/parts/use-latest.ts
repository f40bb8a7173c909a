/** A prop as a signal: what is computed from it is computed anew when another one is passed. */
import { type ReadonlySignal, useSignal } from '@preact/signals';

export function useLatest<T>(value: T): ReadonlySignal<T> {
  const latest = useSignal(value);
  latest.value = value;
  return latest;
}
