/** A run to take away: as a command, and as a test of a suite. */
import type { PropertyVerdict } from '../verdict.js';

/** What makes the run again in a shell. */
export function asCommand(replay: string): string {
  return `npx holdfast replay ${replay}`;
}

/** A run that was judged, as its copy says it. */
export interface JudgedRun {
  readonly algorithm: string;
  readonly replay: string;
  readonly digest: string;
  readonly verdicts: readonly PropertyVerdict[];
}

/**
 * A test file for vitest: it makes the run again and expects the same verdicts. Whoever repairs the
 * lock turns the expectation round; whoever changes the engine hears of it by the digest.
 */
export function asTest({ algorithm, replay, digest, verdicts }: JudgedRun): string {
  const expected = verdicts
    .filter(({ verdict }) => verdict !== 'not-applicable')
    .map(({ property, verdict, class: found }) => {
      const ofClass = found === undefined ? '' : `, class: '${found}'`;
      const one = `property: '${property}', verdict: '${verdict}'${ofClass}`;
      return `    expect.objectContaining({ ${one} }),`;
    });
  const broken = verdicts.filter(({ verdict }) => verdict === 'invalid');
  const what = broken.map(({ property }) => property).join(' and ');
  const title = what === '' ? `${algorithm} keeps its promises` : `${algorithm} breaks ${what}`;
  return [
    "import { spawnSync } from 'node:child_process';",
    "import { expect, it } from 'vitest';",
    '',
    'const replay =',
    `  '${replay}';`,
    '',
    `it('${title} in this run', () => {`,
    "  const { stdout, stderr } = spawnSync('npx', ['holdfast', 'replay', replay, '--json'], {",
    "    encoding: 'utf8',",
    '  });',
    "  const run = JSON.parse(stdout || '{}');",
    `  expect(run.digest, stderr).toBe('${digest}');`,
    '  expect(run.properties).toEqual(expect.arrayContaining([',
    ...expected,
    '  ]));',
    // A process that starts npx may take longer than a test is given by default.
    '}, 60_000);',
    '',
  ].join('\n');
}
