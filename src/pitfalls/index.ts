/** The pitfalls, by name. Those of time come first, then those of the network, then of the code. */
import type { Scenario } from '../scenario.js';
import { type Pitfall, smallWorld } from './pitfall.js';

export type { Pitfall } from './pitfall.js';

const TTL_MS = 10_000;

export const pitfalls: readonly Pitfall[] = [
  {
    name: 'ttl-shorter-than-work',
    warns: 'The work takes longer than the TTL: another one enters, and both of them write.',
    helps: 'A lock that renews itself while it is held.',
    shows: { breaks: 'mutual-exclusion', class: 'stale-belief' },
    scenario: smallWorld({
      algorithm: 'redsync',
      options: { servers: 1 },
      workload: 'careless',
      ttlMs: 1_000,
      waitMs: 10_000,
      A: { afterMs: 0, forMs: 3_000 },
      B: { afterMs: 100, forMs: 500 },
    }),
    mended: { algorithm: 'set-nx-watchdog', options: {} },
  },
  {
    name: 'ttl-far-too-long',
    warns: 'The holder dies, and the TTL is so long that everybody else gives up before it ends.',
    helps: 'A short TTL that is renewed for as long as the work takes.',
    shows: { refuses: 'B1' },
    scenario: smallWorld({
      algorithm: 'set-nx',
      workload: 'critical-section',
      ttlMs: 600_000,
      waitMs: 30_000,
      A: { afterMs: 0, forMs: 5_000 },
      B: { afterMs: 3_000, forMs: 500 },
      faults: [
        {
          id: 'f1',
          class: 'client-crash',
          at: { atUs: 2_000_000 },
          host: 'A',
          mode: 'kill',
          restartAfterUs: null,
        },
      ],
    }),
    mended: { algorithm: 'set-nx-watchdog', ttlMs: TTL_MS },
  },
  {
    name: 'lock-as-ownership',
    warns: 'Who was made leader takes itself for the leader for good, and decides after another.',
    helps: 'A leader that asks before each decision, and steps down when the lock is lost.',
    shows: { breaks: 'resource-safety', class: 'damage' },
    scenario: smallWorld({
      algorithm: 'set-nx',
      workload: 'careless-leader-election',
      ttlMs: TTL_MS,
      waitMs: 30_000,
      A: { afterMs: 0, forMs: 4_000 },
      B: { afterMs: 1_000, forMs: 1_000 },
      faults: [
        { id: 'f1', class: 'pause', at: { atUs: 6_000_000 }, host: 'A', durationUs: 12_000_000 },
      ],
    }),
    mended: { workload: 'leader-election' },
  },
  {
    name: 'clock-skew',
    warns: "The server's clock is set forward: a lease ends early, and two holders write.",
    helps: 'A fencing token with every grant, and a resource that refuses lower ones.',
    shows: { breaks: 'resource-safety' },
    scenario: smallWorld({
      algorithm: 'set-nx',
      workload: 'critical-section',
      ttlMs: TTL_MS,
      waitMs: 20_000,
      A: { afterMs: 0, forMs: 4_000 },
      B: { afterMs: 500, forMs: 4_000 },
      faults: [
        { id: 'f1', class: 'clock-step', at: { atUs: 1_000_000 }, host: 'r1', byUs: 20_000_000 },
      ],
    }),
    mended: { algorithm: 'set-nx-fenced' },
  },
  {
    name: 'partition',
    warns: 'The holder is cut off, cannot renew, and goes on: the lease ends, another one enters.',
    helps: 'A lock that tells by its own clock when the term is over, and a holder that leaves.',
    shows: { breaks: 'mutual-exclusion', class: 'stale-belief' },
    scenario: smallWorld({
      algorithm: 'redsync',
      options: { servers: 1 },
      workload: 'careless',
      ttlMs: TTL_MS,
      waitMs: 30_000,
      A: { afterMs: 0, forMs: 14_000, renews: true },
      B: { afterMs: 8_000, forMs: 10_000 },
      faults: [
        {
          id: 'f1',
          class: 'partition',
          at: { atUs: 2_000_000 },
          client: 'A',
          server: 'r1',
          direction: 'both',
          durationUs: 20_000_000,
        },
      ],
    }),
    mended: { algorithm: 'set-nx-watchdog', options: {}, workload: 'critical-section' },
  },
  {
    name: 'no-deadline',
    warns: 'A call without a deadline waits for an answer that never comes, long past its time.',
    helps: 'A deadline for every call, so that an acquire ends when its time is over.',
    shows: { breaks: 'progress' },
    scenario: smallWorld({
      algorithm: 'set-nx',
      options: { callTimeoutMs: 60_000 },
      workload: 'critical-section',
      ttlMs: TTL_MS,
      waitMs: 20_000,
      A: { afterMs: 0, forMs: 1_000 },
      B: { afterMs: 2_000, forMs: 1_000 },
      faults: [
        { id: 'f1', class: 'half-open', at: { atUs: 1_500_000 }, client: 'B', server: 'r1' },
      ],
    }),
    mended: { options: {} },
  },
  {
    name: 'forgotten-unlock',
    warns: 'The holder forgets to unlock: everybody waits for the TTL, and who cannot is refused.',
    helps: 'A release on every way out of the section.',
    shows: { refuses: 'B1' },
    scenario: smallWorld({
      algorithm: 'set-nx',
      workload: 'forgetful',
      ttlMs: TTL_MS,
      waitMs: 3_000,
      A: { afterMs: 0, forMs: 1_000 },
      B: { afterMs: 2_000, forMs: 500 },
    }),
    mended: { workload: 'critical-section' },
  },
];

/** After the name of a pitfall: the same scenario with the remedy. */
const MENDED = '-mended';

/** Every name that `scenarioNamed` knows. */
export function scenarioNames(): string[] {
  return pitfalls.flatMap(({ name }) => [name, `${name}${MENDED}`]);
}

/** The scenario of a pitfall, or of its remedy, by name. */
export function scenarioNamed(name: string): Scenario | undefined {
  for (const { name: own, scenario, mended } of pitfalls) {
    if (name === own) return scenario;
    if (name === `${own}${MENDED}`) return { ...scenario, ...mended };
  }
  return undefined;
}
