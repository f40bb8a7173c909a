/** The mark goes to the servers with the key, and comes back to nobody. */
import { describe, expect, it } from 'vitest';
import { Renaming } from '../../../src/real/given/renaming.js';
import type { Frame } from '../../../src/real/proxy/framing.js';
import { respFraming } from '../../../src/real/proxy/resp.js';
import type { Tunnel, Watcher } from '../../../src/real/proxy/tunnel.js';
import type { Scenario } from '../../../src/scenario.js';

const renaming = new Renaming('hf-0123abcd');

describe('Renaming', () => {
  it('gives clients the key with the mark, and nothing else', () => {
    const scenario = { algorithm: 'set-nx', key: 'orders', ttlMs: 7 } as Scenario;
    expect(renaming.onServers(scenario)).toEqual({ ...scenario, key: 'hf-0123abcd:orders' });
  });

  it('takes it out of plain data, wherever it stands', () => {
    const heard = { line: 'sent', text: 'SET hf-0123abcd:orders A1', at: [1, 'x{hf-0123abcd:y}'] };
    expect(renaming.plain(heard)).toEqual({ line: 'sent', text: 'SET orders A1', at: [1, 'x{y}'] });
    const bytes = Buffer.from('hf-0123abcd:');
    expect(renaming.plain({ bytes }).bytes).toBe(bytes);
    // Another run's.
    expect(renaming.plain('hf-0123abce:orders')).toBe('hf-0123abce:orders');
  });

  it('tells of the same message by its plain text and words, and leaves its bytes', () => {
    const wire = '*2\r\n$3\r\nGET\r\n$18\r\nhf-0123abcd:orders\r\n';
    const frame = respFraming().requests(Buffer.from(wire))[0]!;
    const told: Frame[] = [];
    const watcher = { request: (_tunnel: Tunnel, one: Frame) => void told.push(one) };
    renaming.heardBy(watcher as unknown as Watcher).request({} as Tunnel, frame);
    expect(told).toEqual([
      { bytes: Buffer.from(wire), text: 'GET orders', body: ['GET', 'orders'] },
    ]);
    expect(told[0]).toBe(frame);
  });
});
