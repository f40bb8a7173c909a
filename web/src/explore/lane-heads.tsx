/** The heads of the lanes: who it is, and what holds for them at the cursor. */
import type { Lane } from '../../../src/timeline/picture/lanes.js';
import { Shape } from '../parts/shape.js';
import type { ExploreState } from './explore-state.js';
import { nowOf } from './now.js';
import { rest } from './rest.js';

interface Props {
  readonly state: ExploreState;
  readonly lanes: readonly Lane[];
  readonly height: number;
  /** What holds after this instant is not told. */
  readonly hiddenFromUs: number | undefined;
}

export function LaneHeads({ state, lanes, height, hiddenFromUs = Infinity }: Props) {
  const { world, scene, model } = state;
  const isHidden = state.cursorUs.value > hiddenFromUs;
  return (
    <div class="heads" style={{ height: `${height}px` }}>
      {lanes.map(({ kind, host, name, y, height: high }) => (
        <div key={host} class="head" style={{ top: `${y}px`, height: `${high}px` }}>
          <span>
            {kind === 'client' && <Shape client={scene.clientNumber(host)} />}
            <b>{kind === 'truth' ? 'truth' : name}</b>{' '}
            <span class="role">{roleOf(model, kind, host)}</span>
          </span>
          {high > 40 && !isHidden && (
            <span class="now">
              {kind === 'truth'
                ? holdersOf(state)
                : nowOf(scene, world.value.hosts[host], world.value.atUs, rest.value)}
            </span>
          )}
        </div>
      ))}
    </div>
  );
}

function roleOf({ hosts, file }: ExploreState['model'], lane: Lane['kind'], host: number): string {
  const [lock] = file.locks;
  if (lane === 'truth') return lock?.key ?? '';
  if (lane === 'majority') return `${lock?.quorum} to hold`;
  const kind = hosts[host]?.kind ?? '';
  return kind === 'client' ? '' : kind;
}

function holdersOf({ world, model }: ExploreState): string {
  const { holders, hosts } = world.value;
  const name = (host: number) => model.hosts[host]?.id;
  if (holders.length > 0) return `held by ${holders.map(name).join(' and ')}`;
  const may = hosts.flatMap(({ held, host }) => (held === undefined ? [] : name(host)));
  return may.length === 0 ? 'held by nobody' : `perhaps held by ${may.join(' or ')}`;
}
