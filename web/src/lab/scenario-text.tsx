/**
 * The scenario as text. A plain field works from the start; once the editor has been loaded it
 * takes the field's place, with its text, caret and focus.
 */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Draft } from './draft.js';

const PROBLEMS = 'text-problems';

export function ScenarioText({ draft }: { readonly draft: Draft }) {
  const box = useRef<HTMLDivElement>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  const hasEditor = useSignal(false);
  useEffect(() => {
    let close: (() => void) | undefined;
    let isGone = false;
    import('./editor/json-editor.js').then(
      ({ openEditor }) => {
        if (isGone || box.current === null) return;
        const options = { label: 'Scenario as JSON', describedBy: PROBLEMS };
        close = openEditor(box.current, plain.current, draft, options);
        hasEditor.value = true;
      },
      // Without a network the plain field stays.
      () => undefined,
    );
    return () => {
      isGone = true;
      close?.();
    };
  }, [draft]);
  const problems = draft.problems.value;
  return (
    <div class="text">
      <div ref={box} />
      {!hasEditor.value && (
        <textarea
          ref={plain}
          class="plain"
          aria-label="Scenario as JSON"
          aria-describedby={PROBLEMS}
          aria-invalid={problems.length > 0}
          spellcheck={false}
          value={draft.text.value}
          onInput={(event) => draft.typed(event.currentTarget.value)}
        />
      )}
      <div id={PROBLEMS} role="status">
        {problems.map(({ message }) => (
          <p key={message}>{message}</p>
        ))}
      </div>
    </div>
  );
}
