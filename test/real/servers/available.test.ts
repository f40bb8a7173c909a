/** Which versions are taken, and what is said of a program that is not there or is another one. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isWithin, VERSIONS } from '../../../src/real/servers/available.js';

const before = process.env['PATH'];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-programs-'));
  process.env['PATH'] = folder;
  // What a program is is asked once.
  vi.resetModules();
});
afterEach(() => {
  process.env['PATH'] = before;
  rmSync(folder, { recursive: true });
});

function install(name: string, prints: string): void {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho '${prints}'\n`);
  chmodSync(file, 0o755);
}

const ours = () => import('../../../src/real/servers/available.js');

describe('programOf', () => {
  it('finds a program and its version', async () => {
    install('redis-server', 'Redis server v=7.2.4 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64');
    const { programOf, whatIsMissing } = await ours();
    expect(programOf('redis')).toEqual({ file: 'redis-server', version: '7.2.4' });
    expect(whatIsMissing('redis')).toBeUndefined();
  });

  it('refuses a version that is too old or too new', async () => {
    install('redis-server', 'Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.1.0 bits=64');
    install('etcd', 'etcd Version: 3.6.1');
    const { whatIsMissing } = await ours();
    expect(whatIsMissing('redis')).toBe(
      'redis-server 6.0.16 (redis-server) is not supported: it takes 7.0 up to, not including, ' +
        '8.0 (tested with 7.0)',
    );
    expect(whatIsMissing('etcd')).toContain('etcd 3.6.1 (etcd) is not supported');
  });

  it('says of what is not there, or does not say its version, how to install it', async () => {
    install('etcd', 'hello');
    const { whatIsMissing } = await ours();
    for (const kind of ['redis', 'etcd'] as const) {
      expect(whatIsMissing(kind)).toMatch(
        / is not installed: apt-get install \S+; scripts\/install-servers installs all servers/,
      );
    }
  });
});

describe('isWithin', () => {
  it.each([
    ['redis', '7.0.0', true],
    ['redis', '7.4.2', true],
    ['redis', '8.0.0', false],
    ['postgres', '15.18', true],
    ['postgres', '9.6', false],
    ['postgres', '18.0', false],
    ['etcd', '3.4.23', true],
    ['etcd', '3.10.0', false],
    ['zookeeper', '3.9.2', true],
    ['zookeeper', '3.4.14', false],
    ['pgbouncer', '1.9.0', false],
  ] as const)('%s %s: %s', (kind, version, is) => {
    expect(isWithin(version, VERSIONS[kind])).toBe(is);
  });
});
