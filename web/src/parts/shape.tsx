/** The shape and letter of a host: who is who without colour. */
import { ICONS } from '../../../src/timeline/picture/icons.js';
import { identityOf } from '../../../src/timeline/picture/paints.js';

/** `client`: its place among the clients. */
export function Shape({ client }: { readonly client: number }) {
  const { paint, shape } = identityOf(client);
  return (
    <svg class="shape" viewBox="-6 -6 12 12" aria-hidden="true">
      <path d={ICONS[shape]} fill={`var(--${paint})`} />
    </svg>
  );
}
