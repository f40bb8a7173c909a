/** `holdfast view`, as a process of its own: what it serves, and what it says of what it cannot. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { remember } from '../../src/cli/last-counterexample.js';
import { compression } from '../../src/host/session.js';
import { thePause } from '../../src/lessons/06-the-pause.js';
import { encodeReplay } from '../../src/search/replay-code.js';
import { conformanceOf } from '../../src/timeline/conformance/document.js';
import { readConformance } from '../../src/timeline/conformance/read.js';
import { planOf } from '../lessons/running.js';
import { builtMain } from '../packaging/built.js';
import { story } from '../timeline/conformance/stories.js';
import { fileOf } from '../timeline/models.js';

const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-view-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const trace = path.join(folder, 'run.json');
writeFileSync(trace, JSON.stringify(fileOf('pause inside the write')));

interface Ended {
  readonly code: number | null;
  readonly err: string;
}

function start(
  argv: readonly string[],
  cache = path.join(folder, 'cache'),
  PATH = process.env['PATH'],
): {
  readonly child: ChildProcess;
  readonly address: Promise<string>;
  /** What stands on its standard error so far. */
  readonly said: () => string;
  readonly ended: Promise<Ended>;
} {
  const env = { ...process.env, XDG_CACHE_HOME: cache, PATH };
  const child = spawn(process.execPath, [builtMain(), 'view', ...argv], { cwd: folder, env });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const address = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, err }));
  });
  return { child, address, said: () => err, ended };
}

describe('a trace', () => {
  test('is served with the viewer until Ctrl-C', async () => {
    const { child, address, ended } = start([trace]);
    const page = await address;
    expect(page).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#\/x$/);
    const root = new URL('/', page);
    const html = await fetch(root);
    expect(html.headers.get('content-type')).toContain('text/html');
    expect(await html.text()).toContain('<div id="app">');
    const served = await fetch(new URL('/trace.json', root));
    expect(await served.json()).toEqual(fileOf('pause inside the write'));
    for (const outside of ['/nothing.js', '/..%2fpackage.json', '/%2e%2e/cli/main.js', '/%']) {
      const answer = await fetch(new URL(outside, root)).catch(() => undefined);
      expect(answer?.status ?? 404, outside).toBe(404);
    }
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  });

  test('that is none is refused before anything is served', async () => {
    const broken = path.join(folder, 'broken.json');
    writeFileSync(broken, JSON.stringify(fileOf('failover')).slice(0, 500));
    const { code, err } = await start([broken]).ended;
    expect(code).toBe(2);
    expect(err).toContain('broken.json');
    expect(err).toContain('ends in the middle');
  });

  test('that is not there is a wrong command line', async () => {
    const { code, err } = await start([path.join(folder, 'nowhere.json')]).ended;
    expect(code).toBe(64);
    expect(err).toContain('nowhere.json cannot be read');
  });
});

describe('what came of stories on real servers', () => {
  const file = path.join(folder, 'stories.json');
  const text = JSON.stringify(conformanceOf([story()]));
  writeFileSync(file, text);

  test('is known by its format, and served as it is', async () => {
    const { child, address, said, ended } = start([file]);
    const page = await address;
    expect(new URL(page).hash).toBe('#/conformance');
    expect(await (await fetch(new URL('/conformance.json', page))).text()).toBe(text);
    await expect.poll(said).toContain('1 story on real servers; Ctrl-C ends it');
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  });

  test('that is damaged, or to be compared, is refused', async () => {
    const broken = path.join(folder, 'broken-stories.json');
    writeFileSync(broken, text.replace('"confirmed"', '"sure"'));
    const { code, err } = await start([broken]).ended;
    expect(code).toBe(2);
    expect(err).toContain('broken-stories.json: stories[0].outcome must be one of confirmed, not');
    const compared = await start([file, '--compare', trace]).ended;
    expect(compared.code).toBe(64);
    expect(compared.err).toContain('stories.json is no trace; only two traces are laid side by');
  });
});

test('pages of others cannot read it by a name of their own', async () => {
  const { child, address, ended } = start([trace]);
  const { hostname, port } = new URL(await address);
  const asked = (host: string) =>
    new Promise<number | undefined>((resolve) => {
      get({ hostname, port, path: '/trace.json', headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
    });
  expect(await asked('rebound.example')).toBe(403);
  expect(await asked(`localhost:${port}`)).toBe(200);
  child.kill('SIGINT');
  await ended;
});

test('the browser is opened when asked for', async () => {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const seen = path.join(folder, 'seen');
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const opener = path.join(bin, command);
  writeFileSync(opener, `#!/bin/sh\necho "$1" > ${seen}\n`, { mode: 0o755 });
  const { child, address, ended } = start([trace, '--open'], undefined, `${bin}:/usr/bin:/bin`);
  const page = await address;
  await expect.poll(() => existsSync(seen) && readFileSync(seen, 'utf8')).toBe(`${page}\n`);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0 });
  const none = start([trace, '--open'], undefined, folder);
  await none.address;
  await expect.poll(none.said).toContain(`--open: ${command} is not installed; open the address`);
  none.child.kill('SIGINT');
  expect((await none.ended).code).toBe(0);
});

test('a file whose name begins as codes do is a file', async () => {
  const { code, err } = await start(['hf-run.json']).ended;
  expect(code).toBe(64);
  expect(err).toContain('hf-run.json cannot be read');
});

test('a matrix that is not there is named with its option', async () => {
  const { code, err } = await start([trace, '--matrix', 'no.json']).ended;
  expect(code).toBe(64);
  expect(err).toContain('--matrix: no.json cannot be read');
});

test('a matrix is opened where no trace is asked for, also after a counterexample', async () => {
  const matrix = path.join(folder, 'matrix.json');
  writeFileSync(matrix, '{"locks": []}');
  const code = encodeReplay({ ...planOf(thePause, thePause.steps[1]!), digest: '' }, compression);
  const cache = path.join(folder, 'cache-of-matrix');
  remember({ XDG_CACHE_HOME: cache }, { code });
  for (const [argv, opens] of [
    [['--matrix', matrix], '#/matrix'],
    [[trace, '--matrix', matrix], '#/x'],
    [[], '#/x'],
  ] as const) {
    const { child, address, ended } = start(argv, cache);
    expect(new URL(await address).hash).toBe(opens);
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  }
});

test('a replay code that was cut is refused', async () => {
  const { code, err } = await start(['hf1_abc']).ended;
  expect(code).toBe(64);
  expect(err).toContain('cut short');
});

test('a port that is taken is named', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  const { code, err } = await start([trace, '--port', String(port)]).ended;
  taken.close();
  expect(code).toBe(64);
  expect(err).toContain(`port ${port} is in use`);
});

test('without a counterexample there is the viewer alone', async () => {
  const { child, address, ended } = start([]);
  const page = await address;
  expect(page).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect((await fetch(new URL('/trace.json', page))).status).toBe(404);
  const packaged = await (await fetch(new URL('/conformance.json', page))).text();
  const { stories, services } = readConformance(packaged, 'conformance.json');
  expect(stories!.length).toBeGreaterThan(30);
  expect(services).toHaveLength(4);
  child.kill('SIGINT');
  expect((await ended).code).toBe(0);
});
