/**
 * The errors of ZooKeeper 3.8 that clients of a lock can meet, with the codes they have on the wire
 * (upstream KeeperException.java). CONNECTIONLOSS never comes from a server: a client makes it.
 */
export const ERROR = {
  OK: 0,
  RUNTIMEINCONSISTENCY: -2,
  CONNECTIONLOSS: -4,
  UNIMPLEMENTED: -6,
  BADARGUMENTS: -8,
  NONODE: -101,
  NOAUTH: -102,
  BADVERSION: -103,
  NOCHILDRENFOREPHEMERALS: -108,
  NODEEXISTS: -110,
  NOTEMPTY: -111,
  SESSIONEXPIRED: -112,
  INVALIDACL: -114,
  SESSIONMOVED: -118,
  NOWATCHER: -121,
  THROTTLEDOP: -127,
} as const;

export type ErrorName = keyof typeof ERROR;

const NAMES: ReadonlyMap<number, ErrorName> = new Map(
  Object.entries(ERROR).map(([name, code]) => [code, name as ErrorName]),
);

/** `NONODE` for −101. Codes that are not listed: their number as text. */
export function errorName(code: number): string {
  return NAMES.get(code) ?? String(code);
}
