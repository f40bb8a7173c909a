/** Which message may answer which request, in the words of traces. */
import { describe, expect, test } from 'vitest';
import { isNews, mayAnswer } from '../../../src/real/replay/answers.js';

describe('a message of a server', () => {
  test.each([
    ['e1', 'lease 1 keepalived with TTL(2)', 'lease keep-alive 1'],
    ['e1', 'lease 1 expired or revoked', 'lease keep-alive 1'],
    ['e1', 'SUCCESS: OK, revision 2', 'txn if create("k") = "0" then put k ""'],
    ['e1', 'watch 1 created', 'watch k --rev=5'],
    ['e1', 'Error: etcdserver: request timed out', 'lease keep-alive 1'],
    ['p1', 'DELETE 1', 'DELETE FROM locks'],
    ['z1', '/k', 'sync /k'],
  ])('of %s, %s, may answer %s', (server, told, asked) => {
    expect(mayAnswer(server, told, asked)).toBe(true);
  });

  test.each([
    ['e1', 'SUCCESS: OK, revision 2', 'lease keep-alive 1'],
    ['e1', 'lease 1 keepalived with TTL(2)', 'put k "A"'],
    ['e1', 'DELETE k', 'del k'],
    ['z1', 'NodeDeleted /k/lock-1', 'delete /k/lock-1'],
  ])('of %s, %s, does not answer %s', (server, told, asked) => {
    expect(mayAnswer(server, told, asked)).toBe(false);
  });

  test('is news only where there are watches', () => {
    expect(isNews('e1', 'DELETE k')).toBe(true);
    expect(isNews('z1', 'NodeChildrenChanged /k')).toBe(true);
    expect(isNews('p1', 'DELETE 1')).toBe(false);
  });
});
