/** `holdfast replay <code>`: the run in a replay code, once more. */
import { type Session, withEngine } from '../context.js';
import { EXIT } from '../exit-code.js';
import { abandonable } from '../interrupt.js';
import { mustAllBeWritable } from '../output-file.js';
import { painter } from '../terminal.js';
import { printRun } from './run.js';

export interface ReplayOptions {
  readonly lock?: string;
  readonly trace?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export async function replay(
  session: Session,
  code: string,
  options: ReplayOptions,
): Promise<number> {
  const { lock } = options;
  mustAllBeWritable(options, ['trace'], [code, lock]);
  const request = {
    code,
    trace: options.trace !== undefined,
    ...(lock !== undefined && { lockFile: lock }),
  };
  const look = {
    columns: session.terminal.columns,
    paint: painter(session.terminal),
    lockFile: lock,
  };
  return withEngine(session, async (engine) => {
    const report = await abandonable(session, () => engine.replay(request));
    if (report === 'interrupted') return EXIT.interrupted;
    return printRun(session, report, options, look);
  });
}
