/** The stand-in for a real run is a trace as a real one will be, and says what it is. */
import { expect, test } from 'vitest';
import { readTrace } from '../../../src/timeline/read.js';
import { fixtureOf } from '../../../web/src/compare/fixture.js';
import { fileOf } from '../../timeline/models.js';

test('a fixture is a valid trace of a real run, and no real run', () => {
  const fixture = fixtureOf(fileOf('late write'));
  expect(readTrace(JSON.stringify(fixture), 'fixture')).toEqual(fixture);
  expect(fixture.meta).toMatchObject({ source: 'real', truth: 'bounded' });
  expect(fixture.meta.title).toMatch(/^fixture, no real run/);
  expect(fixture.meta.replay).toBeUndefined();
});
