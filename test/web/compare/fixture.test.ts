/** The stand-in for a real run is a trace as a real one will be, and says what it is. */
import { expect, test } from 'vitest';
import { TraceModel } from '../../../src/timeline/model.js';
import { readTrace } from '../../../src/timeline/read.js';
import { fixtureOf } from '../../../web/src/compare/fixture.js';
import { brokenRun } from '../../browser/runs.js';
import { fileOf } from '../../timeline/models.js';

test('a fixture is a valid trace of a real run, and no real run', () => {
  const fixture = fixtureOf(fileOf('late write'));
  expect(readTrace(JSON.stringify(fixture), 'fixture')).toEqual(fixture);
  expect(fixture.meta).toMatchObject({ source: 'real', truth: 'bounded' });
  expect(fixture.meta.title).toMatch(/^fixture, no real run/);
  expect(fixture.meta.replay).toBeUndefined();
});

test('what it says of a server is bounded by the request before and the answer after', async () => {
  const { model: exact } = await brokenRun();
  const model = new TraceModel(fixtureOf(exact.file));
  const isClient = (host: number) => model.hosts[host]?.kind === 'client';
  const [held] = model.spansOf('held');
  const { fromUs } = held!;
  const request = model.messages.find((one) => one.endedAtUs === fromUs && !isClient(one.to));
  const answer = model.messages.find((one) => one.sentAtUs === fromUs && isClient(one.to));
  expect(request!.sentAtUs).toBeLessThan(fromUs);
  expect(held!.bounds?.fromUs).toEqual([request!.sentAtUs, answer!.endedAtUs]);
});
