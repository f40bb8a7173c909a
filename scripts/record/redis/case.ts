/**
 * One script whose reply is recorded from a real server and demanded of the simulated one. A case
 * must reply the same whenever it is run: on an empty server, at any time, with any addresses.
 */
export interface ScriptCase {
  /** Unique among all cases; starts with its topic. */
  readonly name: string;
  /** Commands to run before the script. */
  readonly setup?: readonly (readonly string[])[];
  readonly script: string;
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/** Cases of a topic that need neither keys nor arguments, as a table of names and scripts. */
export function plainCases(
  topic: string,
  scripts: Readonly<Record<string, string>>,
): readonly ScriptCase[] {
  return Object.entries(scripts).map(([name, script]) => ({
    name: `${topic}: ${name}`,
    script,
    keys: [],
    args: [],
  }));
}
