/**
 * A counterexample on ZooKeeper, found by simulation and confirmed on the real server: the classics
 * that `holdfast real classics` plays are about the other services.
 */
import { execFile } from 'node:child_process';
import { expect } from 'vitest';
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

itNeeds('zookeeper')('a lock that the first release of several gives back', async () => {
  const [lock, property] = ['zookeeper-lock-112', 'reentrancy'];
  const { properties } = (await holdfast('check', lock, '--faults', 'interleaving')) as Found;
  const found = properties.find((one) => one.property === property)?.counterexample;
  const code = found!.replay;
  const played = (await holdfast('real', 'replay', code, '--property', property)) as Played;
  expect(played.stories).toMatchObject([{ outcome: 'confirmed', lock, differences: [] }]);
});
