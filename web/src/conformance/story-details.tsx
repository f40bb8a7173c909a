/** What a row has no room for: the command that plays a story, what it ran on, what differed. */
import { useSignal } from '@preact/signals';
import { plural, span } from '../../../src/story/words.js';
import type { StoryReport } from '../../../src/timeline/conformance/document.js';
import { commandOf } from '../../../src/timeline/conformance/words.js';

export function StoryDetails({ story }: { readonly story: StoryReport }) {
  const said = useSignal('');
  const command = commandOf(story);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      said.value = 'The command is in the clipboard.';
    } catch {
      said.value = 'The clipboard is closed to this page: select the command.';
    }
  };
  const { ttlMs, servers, steps, tookMs, environment, differences } = story;
  const programs = Object.entries(environment).map(([name, program]) => `${name} ${program}`);
  return (
    <>
      <p>
        <code class="command">{command}</code>
      </p>
      <p>
        <button type="button" onClick={() => void copy()}>
          Copy the command
        </button>{' '}
        <span role="status">{said}</span>
      </p>
      <p class="fine">
        {plural(steps, 'step')} on {plural(servers.length, 'server')}, TTL {span(ttlMs * 1_000)},
        played in {(tookMs / 1_000).toFixed(1)} s{programs.length > 0 && `: ${programs.join(', ')}`}
      </p>
      {differences.length > 0 && (
        <>
          <p>The model answered otherwise than the real server:</p>
          <ul>
            {differences.map((difference) => (
              <li key={difference}>{difference}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
