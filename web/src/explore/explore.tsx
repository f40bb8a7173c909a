/** The page of one run: minimap, timeline, what holds at the cursor, the table of events. */
import { Controls } from './controls.js';
import { EventsTable } from './events-table.js';
import type { ExploreState } from './explore-state.js';
import { Minimap } from './minimap.js';
import { SidePanel } from './side-panel.js';
import { Timeline } from './timeline.js';

export function Explore({ state }: { readonly state: ExploreState }) {
  return (
    <main class="explore">
      <p id="timeline-help" class="hidden">
        Arrow keys go from event to event, e explains the violation, question mark shows all keys.
      </p>
      <Minimap state={state} />
      <Controls state={state} />
      <div class="stage">
        <Timeline state={state} />
        <SidePanel state={state} />
      </div>
      <EventsTable state={state} />
    </main>
  );
}
