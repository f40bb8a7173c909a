/** Counting votes: over as soon as the outcome is certain. */
import { expect, test } from 'vitest';
import { ReplyError } from '../../src/algorithms/environment.js';
import { countVotes, majority } from '../../src/algorithms/quorum.js';

const open = new Promise<boolean>(() => {});
const yes = Promise.resolve(true);
const no = Promise.resolve(false);
const failed = () => Promise.reject(new ReplyError('LOADING'));

test('a majority of two is both: any two quorums share a server', () => {
  expect([1, 2, 3, 4, 5, 9].map(majority)).toEqual([1, 2, 2, 3, 3, 5]);
});

test('settles at the quorum, with votes still open', async () => {
  expect(await countVotes([open, yes, yes, open, yes], true, 3)).toEqual({
    yes: 3,
    no: 0,
    failed: 0,
  });
});

test('settles when the quorum is out of reach, with votes still open', async () => {
  expect(await countVotes([no, failed(), no, open, open], true, 3)).toMatchObject({ yes: 0 });
});

test('settles on a tie of an even number of servers', async () => {
  expect(await countVotes([yes, yes, no, no], true, 3)).toEqual({ yes: 2, no: 2, failed: 0 });
});

test('a mistake in the code of a vote is no vote', async () => {
  const mistake = Promise.reject(new TypeError('undefined is not a function'));
  await expect(countVotes([yes, mistake, open], true, 2)).rejects.toThrow(TypeError);
});
