/** `holdfast explain <word>`: what a property, class, fault class or word of a report means. */
import { UsageError } from '../../host/engine-api.js';
import { type Entry, findEntry, GLOSSARY } from '../../story/glossary/index.js';
import { hint } from '../arguments.js';
import type { Session } from '../context.js';
import { EXIT } from '../exit-code.js';
import { type Paint, painter } from '../terminal.js';
import { indented, padEnd } from '../text.js';

export function explain(
  session: Session,
  word: string | undefined,
  options: { readonly json?: boolean },
): number {
  const { terminal } = session;
  const paint = painter(terminal);
  const entry = word === undefined ? undefined : entryOf(word);
  if (options.json === true) terminal.line(JSON.stringify(entry ?? GLOSSARY, undefined, 2));
  else if (entry !== undefined) {
    for (const line of entryLines(entry, terminal.columns, paint)) terminal.line(line);
  } else for (const line of indexLines(terminal.columns, paint)) terminal.line(line);
  return EXIT.valid;
}

function entryOf(word: string): Entry {
  const entry = findEntry(word);
  if (entry !== undefined) return entry;
  const names = GLOSSARY.map(({ name }) => name);
  throw new UsageError(
    `there is nothing to explain about ${JSON.stringify(word)}; ${hint(word, names)}`,
  );
}

function entryLines(entry: Entry, columns: number, paint: Paint): string[] {
  const { name, kind, short, means, example, helps, source } = entry;
  const part = (label: string, text: string) =>
    indented(text, columns, `  ${padEnd(`${label}:`, 10)}`, '            ');
  const [first, ...rest] = indented(`${name} (${kind}): ${short}`, columns, '', '  ');
  return [
    first!.replace(name, paint('bold', name)),
    ...rest,
    '',
    ...indented(means, columns, '  ', '  '),
    '',
    ...part('example', example),
    ...part('helps', helps),
    ...part('source', source),
  ];
}

/** All there is, by kind. */
function indexLines(columns: number, paint: Paint): string[] {
  const kinds = ['property', 'class', 'fault class', 'word'] as const;
  const titles = {
    property: 'Properties',
    class: 'Classes of a violation',
    'fault class': 'Fault classes',
    word: 'Other words',
  };
  return kinds.flatMap((kind) => [
    paint('bold', titles[kind]),
    ...GLOSSARY.filter((entry) => entry.kind === kind).flatMap(({ name, short }) =>
      indented(short, columns, `  ${padEnd(name, 18)}`, '                    '),
    ),
    '',
  ]);
}
