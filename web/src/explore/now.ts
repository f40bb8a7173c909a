/** What a host does at the cursor, in words: beside its lane, and in the panel. */
import type { LeaseRecord } from '../../../src/history.js';
import { instant } from '../../../src/story/words.js';
import { type HostState, isSure } from '../../../src/timeline/derive/state.js';
import type { ModelSpan } from '../../../src/timeline/model.js';
import type { Rest } from '../../../src/timeline/picture/rest.js';
import type { Scene } from '../../../src/timeline/picture/scene.js';
import { termsOf } from '../../../src/timeline/picture/server-lane.js';

/** The most telling first; a lease each. Without `rest` clocks are those of the world. */
export function nowOf(
  scene: Scene,
  host: HostState | undefined,
  atUs: number,
  rest: Rest | undefined,
): string {
  if (host === undefined) return '';
  const { held } = host;
  const holds = held !== undefined && isSure(held, atUs);
  if (host.down) return 'down';
  if (host.dead) return holds ? 'dead, still holds' : 'dead';
  const words = [
    host.paused && 'paused',
    host.belief && holds && 'believes and holds',
    host.belief && !held && 'believes, unfounded',
    !host.belief && holds && 'holds, does not believe so',
    held && !holds && `${host.belief ? 'believes, ' : ''}may hold`,
    host.section && 'inside',
    host.wait && 'waits',
    rest?.highestToken(scene, host.host, atUs),
  ];
  const leases = host.leases.map((lease) => leaseWords(scene, lease, atUs, rest));
  return [words.filter(Boolean).join(', '), ...leases].filter(Boolean).join('; ');
}

/** `A’s lease, 9.3 s left by its clock`: by that of the server. */
function leaseWords(scene: Scene, lease: ModelSpan, atUs: number, rest: Rest | undefined): string {
  const { owner, host } = scene.model.record(lease.by) as LeaseRecord;
  const words = `${owner?.host ?? host}’s lease`;
  const term = termsOf(scene, lease).find(({ fromUs }) => fromUs <= atUs);
  if (term === undefined) return words;
  const leftUs = rest?.leftAt(scene.model, term, atUs) ?? term.termUs - atUs + term.fromUs;
  const left = leftUs > 0 ? `${instant(Math.round(leftUs / 1_000) * 1_000)} left` : 'over';
  return `${words}, ${left} by its clock`;
}
