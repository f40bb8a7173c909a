/** Addresses as people write them: what is understood, and what is refused in which words. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/host/engine-api.js';
import { parseAddresses } from '../../../src/real/servers/address.js';
import type { Service } from '../../../src/service.js';

describe('parseAddresses', () => {
  it('takes several Redis servers', () => {
    const found = parseAddresses('redis', 'redis://127.0.0.1:6379, redis://[::1]:7000/3');
    expect(found).toEqual([
      {
        service: 'redis',
        host: '127.0.0.1',
        port: 6379,
        shown: 'redis://127.0.0.1:6379',
        database: '0',
      },
      { service: 'redis', host: '::1', port: 7000, shown: 'redis://[::1]:7000/3', database: '3' },
    ]);
  });

  it('knows the usual ports', () => {
    const ports = (
      [
        ['redis', 'redis://host'],
        ['postgres', 'postgresql://me@host'],
        ['etcd', 'host'],
        ['zookeeper', 'host'],
      ] as const
    ).map(([service, text]) => parseAddresses(service, text)[0]!.port);
    expect(ports).toEqual([6379, 5432, 2379, 2181]);
  });

  it('keeps a password, and shows it to nobody', () => {
    const [found] = parseAddresses('postgres', 'postgres://me:se%40cret@host:5433/locks');
    expect(found).toEqual({
      service: 'postgres',
      host: 'host',
      port: 5433,
      user: 'me',
      password: 'se@cret',
      database: 'locks',
      shown: 'postgres://me:***@host:5433/locks',
    });
    const [redis] = parseAddresses('redis', 'redis://:secret@host');
    expect(redis).toMatchObject({ password: 'secret', shown: 'redis://:***@host' });
    const [open] = parseAddresses('postgres', 'postgres://me@host/locks');
    expect(open).toMatchObject({ user: 'me', shown: 'postgres://me@host/locks' });
    expect(() => parseAddresses('redis', 'redis://:secret@host:99999')).toThrow(/:\*\*\*@host/);
    let told: unknown;
    try {
      parseAddresses('redis', 'rediss://:secret@host');
    } catch (error) {
      told = error;
    }
    expect(String(told)).toContain('rediss://');
    expect(String(told)).not.toContain('secret');
  });

  it('takes the name of the user for that of the database, as PostgreSQL does', () => {
    expect(parseAddresses('postgres', 'postgres://me@host')[0]!.database).toBe('me');
  });

  const WRONG: readonly (readonly [Service, string])[] = [
    ['redis', ''],
    ['redis', '127.0.0.1:6379'],
    ['redis', 'redis://'],
    ['redis', 'redis://host:0'],
    ['redis', 'redis://host:70000'],
    ['redis', 'redis://host:6379/locks'],
    ['redis', 'redis://host?a=b'],
    ['redis', 'redis://host,'],
    ['redis', 'http://host'],
    ['postgres', 'host'],
    ['postgres', 'mysql://host'],
    ['postgres', 'postgres://%zz@host'],
    ['etcd', 'etcd://host'],
    ['etcd', 'http://user:password@host'],
    ['zookeeper', 'zookeeper://host'],
    ['zookeeper', 'host:2181/chroot'],
  ];
  it.each(WRONG)('refuses %s %j', (service, text) => {
    const read = () => parseAddresses(service, text);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(`--${service} takes an address such as `);
  });

  it('says that TLS is not spoken', () => {
    expect(() => parseAddresses('redis', 'rediss://host')).toThrow('asks for TLS');
    expect(() => parseAddresses('etcd', 'https://host')).toThrow('asks for TLS');
  });

  it('does not take one server for two', () => {
    expect(() => parseAddresses('redis', 'redis://host,redis://host:6379/1')).toThrow(
      '--redis names host:6379 twice: the same server would count as two; name it once',
    );
  });
});
