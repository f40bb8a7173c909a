/** Revisions of an etcd that has counted before, as those of a fresh one. */
import { describe, expect, it } from 'vitest';
import { Renaming } from '../../../src/real/given/renaming.js';
import { OwnRevisions, Revisions } from '../../../src/real/history/revisions.js';
import type { Frame } from '../../../src/real/proxy/framing.js';
import type { Tunnel, Watcher } from '../../../src/real/proxy/tunnel.js';
import { sameText } from '../../../src/real/replay/same.js';

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
    const renaming = new Renaming('hf-0123abcd');
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

describe('OwnRevisions', () => {
  /** What the real etcd said, and what one that is the run's alone says at that place. */
  const learning = (...said: readonly (readonly [string, string])[]) => {
    const revisions = new OwnRevisions();
    for (const [real, alone] of said) {
      expect(revisions.ownText(real, alone)).toBe(alone);
      revisions.learn(real, alone);
    }
    return revisions;
  };

  it('are those of the writes of the run, whatever others write in between', () => {
    const revisions = learning(
      ['OK, revision 4', 'OK, revision 2'],
      ['OK, revision 9', 'OK, revision 3'],
      ['a (created at 4), b (created at 9)', 'a (created at 2), b (created at 3)'],
    );
    const asked = (limit: number) => `get a --prefix --max-create-rev=${limit}`;
    expect(revisions.ownText(asked(8), asked(2))).toBe(asked(2));
    expect(revisions.ownText(asked(8), asked(4))).not.toBe(asked(4));
    const range = { type: 'range', maxCreateRevision: 8, minCreateRevision: 5, revision: 0 };
    expect(revisions.ownBody(range)).toEqual({
      ...range,
      maxCreateRevision: 2,
      minCreateRevision: 3,
    });
    const compare = [
      { target: 'create', key: 'a', operand: 4 },
      { target: 'create', key: 'b', operand: 0 },
    ];
    expect(revisions.ownBody({ type: 'txn', compare })).toEqual({
      type: 'txn',
      compare: [{ ...compare[0], operand: 2 }, compare[1]],
    });
  });

  it('need not be of a write where they are a limit', () => {
    const revisions = learning(['OK, revision 4', 'OK, revision 2']);
    // Others wrote 5 to 7, or it did so itself.
    for (const alone of [3, 4, 6]) {
      const [said, told] = ['watch k --rev=8', `watch k --rev=${alone}`];
      expect(revisions.ownText(said, told)).toBe(told);
    }
    expect(revisions.ownText('watch k --rev=8', 'watch k --rev=7')).not.toContain('7');
  });

  it.each([
    ['OK, revision 4', 'OK, revision 3', 'another one than was learnt'],
    ['OK, revision 5', 'OK, revision 2', 'no later than an earlier one'],
    ['OK, revision 9', 'OK, revision 6', 'no earlier than a later one'],
    ['OK, revision 9', 'OK, revision 4', 'further from a later one than they really are'],
    ['OK, revision 12', 'OK, revision 9', 'further from it than they really are'],
    ['OK, revision 31', 'OK, revision 90', 'further from it, where times left might be near'],
    ['OK, revision 3', 'OK, revision 2', 'one that was learnt of another'],
    ['a (created at 0)', 'a (created at 2)', 'none'],
    ['(created at 8), (created at 5)', '(created at 3), (created at 4)', 'in another order'],
    ['(created at 7), (created at 8)', '(created at 4), (created at 4)', 'the same twice'],
  ])('are never those of something else: %s is not %s: %s', (real, alone) => {
    const revisions = learning(
      ['OK, revision 4', 'OK, revision 2'],
      ['OK, revision 10', 'OK, revision 6'],
    );
    expect(sameText(revisions.ownText(real, alone), alone)).toBe(false);
    revisions.learn(real, alone);
    expect(revisions.ownText('OK, revision 10', 'OK, revision 6')).toBe('OK, revision 6');
  });
});
