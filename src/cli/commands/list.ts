/** `holdfast list`: the built-in locks. */
import type { ListEntry } from '../../host/engine-api.js';
import { type Session, withEngine } from '../context.js';
import { EXIT } from '../exit-code.js';
import { painter } from '../terminal.js';
import { indented, padEnd, widthOf } from '../text.js';

export async function list(session: Session, options: { readonly json?: boolean }) {
  const entries = await withEngine(session, (engine) => engine.list());
  const { terminal } = session;
  if (options.json === true) {
    terminal.line(JSON.stringify(entries, undefined, 2));
    return EXIT.valid;
  }
  const width = Math.max(...entries.map(({ name }) => widthOf(name)));
  const paint = painter(terminal);
  for (const entry of entries) {
    const { name, flawed } = entry;
    const head = `${padEnd(name, width)}  `;
    const rest = ' '.repeat(width + 2);
    const lines = indented(describe(entry), terminal.columns, head, rest);
    lines[0] = lines[0]!.replace(name, paint(flawed ? 'yellow' : 'bold', name));
    for (const line of lines) terminal.line(line);
  }
  terminal.line();
  terminal.line('holdfast check <name> checks one of them, holdfast check --all all of them.');
  return EXIT.valid;
}

function describe({ summary, services, flaw }: ListEntry): string {
  const needs = Object.entries(services).map(
    ([service, n]) => `${typeof n === 'number' ? n : 'several'} × ${service}`,
  );
  const text = `${summary} (${needs.join(', ')})`;
  if (flaw === undefined) return text;
  const found = flaw.class === undefined ? '' : ` (${flaw.class})`;
  return `Flawed, breaks ${flaw.property}${found}: ${text}`;
}
