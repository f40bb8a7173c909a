/**
 * The section "Server conformance" of reports/conformance.md, from the data of the runs.
 */
import type { MockResult, Result } from './result.js';

const cell = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', ' ');
const CODE_COLUMNS = 70;

/** A text as code, short enough for a table. */
function code(text: string): string {
  const plain = [...text].map((letter) => (letter < ' ' ? ' ' : letter)).join('');
  const short = plain.length > CODE_COLUMNS ? `${plain.slice(0, CODE_COLUMNS)}…` : plain;
  return `\`${short.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

const count = (value: number): string => value.toLocaleString('en');

function summary(results: readonly Result[]): string[] {
  return [
    '| service | compared | sequences | seconds | unexplained | not shown again | too slow |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...results.map(
      ({ server, commands, unit, sequences, seconds, divergences, unrepeated, tooSlow }) =>
        `| ${server} | ${count(commands)} ${unit} | ${count(sequences)} | ${seconds} | ` +
        `**${divergences.length}** | ${unrepeated} | ${tooSlow} |`,
    ),
  ];
}

function explained({ service, named, omissions }: Result): string[] {
  const seen = named.map(
    ({ name, reason, sequences }) =>
      `| ${service} | ${cell(name)} | ${count(sequences)} | ${cell(reason)} |`,
  );
  const left = omissions.map(
    ({ name, reason }) => `| ${service} | ${cell(name)} | not generated | ${cell(reason)} |`,
  );
  return [...seen, ...left];
}

function mockLines({ sequences, compared, equal, groups }: MockResult): string[] {
  return [
    '### ioredis-mock beside Redis',
    '',
    `Every 10th sequence is played on ioredis-mock too: ${count(sequences)} sequences, ` +
      `${count(compared)} answers compared.`,
    `In ${count(equal)} of them it answered as the real server, to the end or to the first call`,
    'that it answers by other means (blocking calls, subscriptions). The others, by the command of',
    'their first other answer, with the shortest example of each; none is held against a lock:',
    '',
    '| command | sequences | for instance | real | mock |',
    '| --- | ---: | --- | --- | --- |',
    ...groups.map(
      ({ name, sequences: times, command, real, mock }) =>
        `| ${code(name)} | ${times} | ${code(command)} | ${code(real)} | ${code(mock)} |`,
    ),
  ];
}

export const HEADING = '## Server conformance';

/** The section, from its heading on. */
export function serverSection(results: readonly Result[]): string {
  const mocks = results.flatMap(({ mock }) => (mock === undefined ? [] : [mock]));
  return [
    HEADING,
    '',
    'fast-check generates sequences over several connections. Each is played on the real server',
    'and on the simulated one; replies, errors, who waits for whom and the final state must be',
    'equal. A difference that shows three times out of three is a divergence and is made as small',
    'as it can be; one that does not show again was the machine, and is counted. Where times',
    'matter and the machine was too slow for them, a sequence is played again. Written by',
    '`npm run conformance`.',
    '',
    ...summary(results),
    '',
    'Divergences that stay, each with how many sequences ended with it, and what is not generated:',
    '',
    '| service | name | sequences | reason |',
    '| --- | --- | ---: | --- |',
    ...results.flatMap(explained),
    '',
    ...mocks.flatMap(mockLines),
    '',
  ].join('\n');
}

const TITLE = '# Real servers and simulated ones';

/** A page with the section in the place of the one of its heading, or at its end. */
export function withSection(page: string | undefined, section: string): string {
  const heading = section.slice(0, section.indexOf('\n'));
  const own = `${section.trimEnd()}\n`;
  if (page === undefined) return `${TITLE}\n\n${own}`;
  const from = page.indexOf(`${heading}\n`);
  if (from < 0) return `${page.trimEnd()}\n\n${own}`;
  const next = page.indexOf('\n## ', from);
  return page.slice(0, from) + own + (next < 0 ? '' : page.slice(next));
}
