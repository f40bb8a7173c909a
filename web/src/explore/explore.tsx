/** The page of one run: minimap, timeline, what holds at the cursor, the table of events. */
import type { ComponentChildren } from 'preact';
import { Controls } from './controls.js';
import { EventsTable } from './events-table.js';
import type { ExploreState } from './explore-state.js';
import { Legend } from './legend.js';
import { Minimap } from './minimap.js';
import { saveSvg } from './save-svg.js';
import { SidePanel } from './side-panel.js';
import { Timeline } from './timeline.js';

interface Props {
  readonly state: ExploreState;
  /** Where the run can be taken from here. */
  readonly children?: ComponentChildren;
}

export function Explore({ state, children }: Props) {
  return (
    <div class="explore">
      <p id="timeline-help" class="hidden">
        Arrow keys go from event to event, e explains the violation, question mark shows all keys.
      </p>
      <Title state={state}>{children}</Title>
      <Minimap state={state} />
      <Controls state={state} />
      <div class="stage">
        <Timeline state={state} />
        <SidePanel state={state} />
        <EventsTable state={state} />
      </div>
      <Legend models={[state.model]} />
    </div>
  );
}

/** What run this is, and what broke in it. */
function Title({ state, children }: Props) {
  const { meta } = state.model.file;
  return (
    <div class="title">
      <b>{meta.title}</b> <span class={`badge ${meta.source}`}>{meta.source}</span>{' '}
      <code>{meta.digest}</code>
      <button type="button" onClick={() => saveSvg(state)}>
        SVG of this view
      </button>
      {children}
    </div>
  );
}
