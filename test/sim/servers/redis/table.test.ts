/**
 * Every command of Redis 7.0.15 is either modelled, with its arity and flags, or refused by name.
 */
import { describe, expect, it } from 'vitest';
import { NO_SCRIPT, WRITE } from '../../../../src/sim/servers/redis/command.js';
import { BUSY } from '../../../../src/sim/servers/redis/errors.js';
import { COMMANDS } from '../../../../src/sim/servers/redis/table.js';
import * as trouble from '../../../../src/sim/servers/redis/trouble.js';
import {
  UNMODELLED,
  UNMODELLED_SUBCOMMANDS,
} from '../../../../src/sim/servers/redis/unmodelled.js';
import { readCommands, readServerErrors } from './replay.js';
import { World } from './world.js';

const REAL = readCommands();
const REAL_NAMES = REAL.map(({ name }) => name);

describe('the command table', () => {
  it('has the arity and flags of the real server', () => {
    expect(COMMANDS.length).toBeGreaterThan(150);
    for (const { name, arity, flags } of COMMANDS) {
      const real = REAL.find((candidate) => candidate.name === name);
      expect({
        name,
        arity,
        writes: (flags & WRITE) !== 0,
        noScript: (flags & NO_SCRIPT) !== 0,
      }).toEqual({
        name,
        arity: real?.arity,
        writes: real?.flags.includes('write'),
        noScript: real?.flags.includes('noscript'),
      });
    }
  });

  it('and the list of what is not modelled make up the real one', () => {
    const modelled = COMMANDS.map(({ name }) => name);
    const ours = [...modelled, ...UNMODELLED, ...UNMODELLED_SUBCOMMANDS].sort();
    const ofUnmodelled = (name: string) => UNMODELLED.has(name.split('|')[0]!) && /\|/.test(name);
    expect(ours).toEqual(REAL_NAMES.filter((name) => !ofUnmodelled(name)).sort());
  });
});

describe('what is not modelled', () => {
  const refusal = (what: string) => ({
    text: `ERR holdfast does not model the command '${what}'`,
  });

  it('is refused by name', () => {
    const world = new World();
    expect(world.call('xadd', 's', '*', 'f', 'v')).toEqual(refusal('XADD'));
    expect(world.call('REPLICAOF', 'NO', 'ONE')).toEqual(refusal('REPLICAOF'));
    expect(world.call('client', 'list')).toEqual(refusal('CLIENT LIST'));
    expect(world.call('HELLO', '3')).toEqual(refusal('HELLO 3'));
    expect(world.call('COMMAND')).toEqual(refusal('COMMAND'));
    expect(world.call('SELECT', '1')).toEqual(refusal('SELECT of another database than 0'));
    expect(world.call('CONFIG', 'SET', 'maxmemory', '1')).toEqual(refusal('CONFIG SET maxmemory'));
    expect(world.call('CONFIG', 'SET', 'notify-keyspace-events', 'Km')).toEqual(
      refusal('CONFIG SET notify-keyspace-events Km'),
    );
  });

  it('is refused in scripts too, by the same words', () => {
    const world = new World();
    const reply = world.call('EVAL', "return redis.pcall('XADD', 's', '*', 'f', 'v')", '0');
    expect(reply).toEqual(refusal('XADD'));
  });

  it('aborts the transaction it is queued in', () => {
    const world = new World();
    world.call('MULTI');
    expect(world.call('XADD', 's', '*', 'f', 'v')).toEqual(refusal('XADD'));
    expect(world.call('EXEC')).toMatchObject({ text: expect.stringContaining('EXECABORT') });
  });

  it('is refused where several confirmations would fall into one reply of EXEC', () => {
    const world = new World();
    world.on(1, 'SUBSCRIBE', 'a');
    world.on(1, 'UNSUBSCRIBE', 'a');
    world.on(1, 'MULTI');
    world.on(1, 'SUBSCRIBE', 'a', 'b');
    expect(world.on(1, 'EXEC')).toEqual([refusal('SUBSCRIBE to several, inside MULTI')]);
  });
});

describe('the errors of a server in trouble', () => {
  it('are those of the real server, to the letter', () => {
    const constants: Readonly<Record<string, unknown>> = { BUSY, ...trouble };
    const real = readServerErrors();
    expect([...real.keys()]).toEqual([
      ...['BUSY', 'LOADING', 'MASTERDOWN', 'MISCONF', 'NOREPLICAS', 'OOM', 'READONLY'],
    ]);
    for (const [name, text] of real) expect(constants[name]).toEqual({ text });
  });
});
