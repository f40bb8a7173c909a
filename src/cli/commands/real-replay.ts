/** `holdfast real replay <code>`: a counterexample played on real servers. */
import { codeOf } from '../../host/code-text.js';
import { UsageError } from '../../host/engine-api.js';
import { ATTEMPTS, type Confirmation, confirm } from '../../real/replay/confirm.js';
import { storyReport } from '../../real/replay/report.js';
import { instant, plural } from '../../story/words.js';
import { conformanceOf } from '../../timeline/conformance/document.js';
import { PROPERTIES, type Property } from '../../verdict.js';
import { hint, quoted } from '../arguments.js';
import { type Session, withEngine } from '../context.js';
import { EXIT } from '../exit-code.js';
import { type GivenOptions, givenServers } from '../given-servers.js';
import { abandonable } from '../interrupt.js';
import { mustAllBeWritable, writeOutput } from '../output-file.js';
import { outcomeText, ranOn } from '../real-text.js';
import { painter } from '../terminal.js';
import { indented } from '../text.js';
import { ourVersion } from '../version.js';

export interface RealReplayOptions extends GivenOptions {
  readonly lock?: string;
  readonly property?: string;
  readonly trace?: string;
  readonly simulated?: string;
  readonly json?: boolean;
}

export async function realReplay(
  session: Session,
  code: string,
  options: RealReplayOptions,
): Promise<number> {
  const { lock } = options;
  const property = options.property === undefined ? undefined : propertyOf(options.property);
  const request = {
    code: codeOf(code),
    ...(lock !== undefined && { lockFile: lock }),
    ...(property !== undefined && { property }),
  };
  mustAllBeWritable(options, ['trace', 'simulated'], [code, lock]);
  const given = await givenServers(options);
  const played = await abandonable(session, () =>
    withEngine(session, (engine) => confirm(engine, request, ourVersion(), ATTEMPTS, given)),
  );
  if (played === 'interrupted') {
    await given?.release();
    // What was started ends with this process, and nothing else would end it now.
    session.exitNow(EXIT.interrupted);
    return EXIT.interrupted;
  }
  if (played === undefined) {
    const what = property === undefined ? 'breaks nothing' : `does not break ${property}`;
    throw new UsageError(`the run in this replay code ${what}: there is nothing to confirm`);
  }
  writeTraces(session, played, options);
  if (options.json === true) {
    const document = conformanceOf([storyReport(request, played)]);
    session.terminal.line(JSON.stringify(document, undefined, 2));
  } else for (const line of linesOf(session, played)) session.terminal.line(line);
  return played.outcome === 'confirmed' ? EXIT.invalid : EXIT.unknown;
}

function propertyOf(name: string): Property {
  const found = PROPERTIES.find((property) => property === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `--property: there is no property ${quoted(name)}; ${hint(name, PROPERTIES)}`,
  );
}

function writeTraces(
  { terminal }: Session,
  { simulatedTrace, realTrace }: Confirmation,
  { trace, simulated }: RealReplayOptions,
): void {
  if (simulated !== undefined) {
    writeOutput('--simulated', simulated, `${JSON.stringify(simulatedTrace)}\n`);
    terminal.note(`the trace of the simulated run is in ${simulated}`);
  }
  if (trace === undefined) return;
  if (realTrace === undefined) {
    terminal.note('there is no trace of a real run: it could not begin');
    return;
  }
  writeOutput('--trace', trace, `${JSON.stringify(realTrace)}\n`);
  terminal.note(`the trace of the real run is in ${trace}`);
}

function linesOf(session: Session, played: Confirmation): string[] {
  const { terminal } = session;
  const { columns } = terminal;
  const paint = painter(terminal);
  const [sign, mood, words] = outcomeText(played.outcome);
  const head = indented(headOf(played), columns, '', '  ');
  const verdict = indented(`${words}${detailOf(played)}`, columns, `${sign} `, '  ');
  const why = played.realTrace?.violations.find(
    ({ property }) => property === played.property,
  )?.why;
  const reason =
    played.outcome !== 'confirmed' || why === undefined || why === ''
      ? []
      : indented(why, columns, '  why: ', '       ');
  return [...head, ...verdict.map((line) => paint(mood, line)), ...reason];
}

function headOf({ story, steps, real }: Confirmation): string {
  const { scenario, broken } = story;
  const classes = [...new Set(scenario.faults.map((fault) => fault.class))];
  const faults = classes.length === 0 ? 'without faults' : `under ${classes.join(', ')}`;
  const what = broken.class === undefined ? broken.property : `${broken.property}, ${broken.class}`;
  const ran = ranOn(real?.environment ?? {});
  const items = [
    scenario.algorithm,
    `${what}, ${faults}`,
    `TTL ${scenario.ttlMs / 1_000} s`,
    plural(steps, 'step'),
    ...(ran === '' ? [] : [ran]),
  ];
  return items.join(' · ');
}

function detailOf({ outcome, why, atUs, attempts, tookMs, real }: Confirmation): string {
  const tries = attempts === 1 ? '' : `, at attempt ${attempts}`;
  const seconds = `${(tookMs / 1_000).toFixed(1)} s`;
  if (outcome === 'confirmed') {
    const differences = real?.differences.length ?? 0;
    const doubts =
      differences === 0
        ? ''
        : `; ${plural(differences, 'reply', 'replies')} not as the model has it`;
    return `: the same happened on the real servers, in ${seconds}${tries}${doubts}`;
  }
  const where = atUs === undefined ? '' : ` at ${instant(atUs)} of the story`;
  return `${where}: ${why ?? ''}${attempts === 1 ? '' : ` (${attempts} attempts)`}`;
}
