/**
 * Folds a scenario into the digest (docs/semantics.md, R14). What a campaign's scenarios share —
 * options, servers' settings — is the same objects run after run, so its hash is kept with them.
 */

import { type Digest, fold, hashString, hashValue, OBJECT } from '../digest.js';
import type { Fault, Trigger } from '../fault.js';
import type { Options, Scenario } from '../scenario.js';

let knownOptions: Options | undefined;
let knownHash = 0;

function hashOptions(options: Options): number {
  if (options !== knownOptions) {
    knownOptions = options;
    knownHash = hashValue(options);
  }
  return knownHash;
}

export function digestScenario(digest: Digest, scenario: Scenario): void {
  digest.word(hashString(scenario.algorithm));
  digest.word(hashString(scenario.workload));
  digest.word(hashString(scenario.key));
  digest.word(hashOptions(scenario.options));
  digest.number(scenario.ttlMs);
  digest.number(scenario.waitMs);
  digest.number(scenario.longestSectionUs);
  for (const server of scenario.servers) {
    digest.word(hashString(server.id));
    digest.word(hashString(server.persistence));
    for (const lagUs of server.replicaLagUs) digest.number(lagUs);
  }
  for (const client of scenario.clients) {
    digest.word(hashString(client.id));
    for (const { id, gapUs, sectionUs, renew, mode, nested } of client.operations) {
      digest.word(hashString(id));
      digest.number(gapUs);
      digest.number(sectionUs);
      digest.word((renew ? 1 : 0) | (mode === 'shared' ? 2 : 0) | (nested ? 4 : 0));
    }
  }
  for (const fault of scenario.faults) digest.word(hashFault(fault));
}

type FaultOf<C extends Fault['class']> = Extract<Fault, { class: C }>;

/** The fields of each fault, in alphabetical order. */
const FIELDS = {
  pause: ['at', 'class', 'durationUs', 'host', 'id'],
  'clock-step': ['at', 'byUs', 'class', 'host', 'id'],
  'clock-drift': ['at', 'class', 'durationUs', 'host', 'id', 'ppm'],
  'client-crash': ['at', 'class', 'host', 'id', 'mode', 'restartAfterUs'],
  'server-crash': ['at', 'class', 'host', 'id', 'restartAfterUs'],
  partition: ['at', 'class', 'client', 'direction', 'durationUs', 'id', 'server'],
  delay: ['at', 'byUs', 'class', 'client', 'direction', 'durationUs', 'id', 'server'],
  'lost-request': ['at', 'class', 'client', 'id', 'server'],
  'lost-reply': ['at', 'class', 'client', 'id', 'server'],
  'half-open': ['at', 'class', 'client', 'id', 'server'],
  'server-error': ['at', 'class', 'durationUs', 'error', 'host', 'id'],
  failover: ['at', 'class', 'host', 'id', 'replica'],
} as const satisfies { [C in Fault['class']]: readonly (keyof FaultOf<C>)[] };

/** `hashValue` of a fault, without looking for its fields: there are several in every run. */
export function hashFault(fault: Fault): number {
  let h = OBJECT;
  for (const name of FIELDS[fault.class]) {
    const value = (fault as unknown as Record<string, unknown>)[name];
    h = field(h, name, name === 'at' ? hashTrigger(fault.at) : hashValue(value));
  }
  return h;
}

function hashTrigger(at: Trigger): number {
  if ('atUs' in at) return field(OBJECT, 'atUs', hashValue(at.atUs));
  const isCall = 'call' in at;
  const { nth, operation } = isCall ? at.call : at.delivery;
  const place = field(field(OBJECT, 'nth', hashValue(nth)), 'operation', hashValue(operation));
  return field(OBJECT, isCall ? 'call' : 'delivery', place);
}

function field(h: number, name: string, value: number): number {
  return fold(fold(h, hashString(name)), value);
}
