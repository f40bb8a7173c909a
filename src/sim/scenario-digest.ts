/**
 * Folds a scenario into the digest (docs/semantics.md, R14). What a campaign's scenarios share —
 * options, servers' settings — is the same objects run after run, so its hash is kept with them.
 */

import { type Digest, hashString, hashValue } from '../digest.js';
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
    for (const { id, gapUs, sectionUs, renew } of client.operations) {
      digest.word(hashString(id));
      digest.number(gapUs);
      digest.number(sectionUs);
      digest.word(renew ? 1 : 0);
    }
  }
  for (const fault of scenario.faults) digest.word(hashValue(fault));
}
