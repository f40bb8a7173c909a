/** One counterexample for each service: found by simulation, and confirmed on the real server. */
import { execFile } from 'node:child_process';
import { describe, expect } from 'vitest';
import type { ServerKind } from '../../../src/real/servers/server.js';
import { builtMain } from '../../packaging/built.js';
import { itNeeds } from '../servers/needing.js';

interface Played {
  readonly stories: readonly unknown[];
}

interface Found {
  readonly properties: readonly {
    readonly property: string;
    readonly counterexample?: { readonly replay: string };
  }[];
}

function holdfast(...argv: string[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { timeout: 110_000, maxBuffer: 64 * 2 ** 20 };
    execFile(process.execPath, [builtMain(), ...argv, '--json'], options, (error, out) => {
      // Both end with 1 when they have something to tell.
      if (error !== null && error.code !== 1) reject(error);
      else resolve(JSON.parse(out));
    });
  });
}

const STORIES = [
  {
    name: 'an advisory lock that a pooler in transaction mode leaves behind',
    needs: ['postgres', 'pgbouncer'],
    lock: 'postgres-advisory-129',
    faults: 'interleaving',
    property: 'leak',
  },
  {
    name: 'a mutex of etcd that is granted after its lease has ended',
    needs: ['etcd'],
    lock: 'etcd-mutex-before-3.5',
    faults: 'pause',
    property: 'resource-safety',
  },
  {
    name: 'a lock on ZooKeeper that the first release of several gives back',
    needs: ['zookeeper'],
    lock: 'zookeeper-lock-112',
    faults: 'interleaving',
    property: 'reentrancy',
  },
] as const satisfies readonly { readonly needs: readonly ServerKind[]; [other: string]: unknown }[];

describe('a counterexample is confirmed on a real server', () => {
  for (const { name, needs, lock, faults, property } of STORIES) {
    itNeeds(...needs)(name, async () => {
      const { properties } = (await holdfast('check', lock, '--faults', faults)) as Found;
      const found = properties.find((one) => one.property === property)?.counterexample;
      const code = found!.replay;
      const played = (await holdfast('real', 'replay', code, '--property', property)) as Played;
      expect(played.stories).toMatchObject([{ outcome: 'confirmed', lock, differences: [] }]);
    });
  }
});
