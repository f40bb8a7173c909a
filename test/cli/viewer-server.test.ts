/** The server of the viewer answers whatever it is asked, and goes on. */
import { get } from 'node:http';
import { expect, test } from 'vitest';
import { serveViewer } from '../../src/cli/viewer-server.js';

function statusOf(address: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    get({ hostname, port, path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on('error', reject);
  });
}

test('paths that are no addresses are not there, and no reason to stop', async () => {
  const { address, close } = await serveViewer(new Map([['/trace.json', '{}']]), 0);
  for (const path of ['//', '///x', '/%', 'http://[', '/../../package.json', '//..//cli/main.js']) {
    expect(await statusOf(address, path), path).toBe(404);
  }
  expect(await statusOf(address, '/trace.json?again')).toBe(200);
  await close();
});
