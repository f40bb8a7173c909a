/** Revisions of an etcd that has counted before, as those of a fresh one. */
import { describe, expect, it } from 'vitest';
import { Renaming } from '../../../src/real/given/renaming.js';
import { Revisions } from '../../../src/real/given/revisions.js';
import type { Frame } from '../../../src/real/proxy/framing.js';
import type { Tunnel, Watcher } from '../../../src/real/proxy/tunnel.js';

describe('Revisions', () => {
  const revisions = new Revisions(40);

  it('are those of an etcd whose first write is that after the last one before', () => {
    const reply = 'SUCCESS: OK, revision 41; orders/9f (created at 41), orders/a0 (created at 43)';
    expect(revisions.ownText(reply)).toBe(
      'SUCCESS: OK, revision 2; orders/9f (created at 2), orders/a0 (created at 4)',
    );
    const asked = 'get orders/ --prefix --limit=1 --max-create-rev=40';
    expect(revisions.ownText(asked)).toBe('get orders/ --prefix --limit=1 --max-create-rev=1');
    const compared = 'txn if create("orders") = "0", mod("a") < "44", version("b") = "44" then';
    expect(revisions.ownText(compared)).toBe(
      'txn if create("orders") = "0", mod("a") < "5", version("b") = "44" then',
    );
  });

  it('stand in requests where a model reads them, and nothing else changes', () => {
    const body = {
      type: 'txn',
      compare: [
        { target: 'create', key: 'k', operand: 0 },
        { target: 'mod', key: 'k', operand: 44 },
        { target: 'version', key: 'k', operand: 44 },
      ],
      success: [{ type: 'range', limit: 44, revision: 42, maxCreateRevision: 0 }],
    };
    expect(revisions.ownBody(body)).toEqual({
      ...body,
      compare: [body.compare[0], { target: 'mod', key: 'k', operand: 5 }, body.compare[2]],
      success: [{ type: 'range', limit: 44, revision: 3, maxCreateRevision: 0 }],
    });
  });

  it('are told of the servers that count so, and of no other', () => {
    const renaming = new Renaming('hf-0123abcd:');
    renaming.revisions.set('e1', revisions);
    const told: unknown[] = [];
    const watcher = { reply: (_tunnel: Tunnel, { text }: Frame) => void told.push(text) };
    const heard = renaming.heardBy(watcher as unknown as Watcher);
    for (const server of ['e1', 'store']) {
      const frame: Frame = { bytes: Buffer.alloc(0), text: 'hf-0123abcd:k (created at 41)' };
      heard.reply({ server } as Tunnel, frame);
    }
    expect(told).toEqual(['k (created at 2)', 'k (created at 41)']);
    const said = { line: 'sent', atUs: 1, server: 'e1', text: 'get k --rev=42' } as const;
    const line = { ...said, operation: 'A1', action: undefined };
    expect(renaming.said(line)).toEqual({ ...line, text: 'get k --rev=3' });
  });
});
