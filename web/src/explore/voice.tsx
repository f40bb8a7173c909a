/**
 * The voice: after each move of the choice one sentence for those who do not see the picture. It
 * waits until the moves pause, so that a key that is held down is not read out event by event.
 */
import { useEffect } from 'preact/hooks';
import type { ExploreState } from './explore-state.js';

const SAID_AFTER_MS = 150;

interface Props {
  readonly state: ExploreState;
  /** What happens after this instant is not told. */
  readonly hiddenFromUs: number | undefined;
}

export function Voice({ state, hiddenFromUs }: Props) {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isFirst = true;
    const stop = state.selection.subscribe((ref) => {
      clearTimeout(timer);
      // What a page opens with is no move.
      if (!isFirst) {
        timer = setTimeout(async () => {
          const { sentence } = await import('./sentence.js');
          if (ref !== state.selection.peek()) return;
          state.said.value = sentence(state.model, ref, hiddenFromUs);
        }, SAID_AFTER_MS);
      }
      isFirst = false;
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [state, hiddenFromUs]);
  return (
    <p class="hidden" role="status">
      {state.said.value}
    </p>
  );
}
