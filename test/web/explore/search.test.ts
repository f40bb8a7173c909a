/** A search for a host or a type that the run does not have says so. */
import { expect, test } from 'vitest';
import { unknownIn } from '../../../web/src/explore/search.js';
import { modelOf } from '../../timeline/models.js';

const model = modelOf('pause inside the write');

test('names the host or the type that there is not', () => {
  expect(unknownIn(model, 'host:Z')).toBe('No host Z; there are A, B, r1, P.');
  expect(unknownIn(model, 'write type:nope')).toMatch(/^No type nope; there are .*invoke/);
  expect(unknownIn(model, 'refused after host:z')).toMatch(/^No host z/);
});

test('has nothing to say of those that there are, however they are written', () => {
  expect(unknownIn(model, 'host:a type:ENTER words')).toBeUndefined();
  expect(unknownIn(model, 'host:')).toBeUndefined();
});
