/**
 * The client libraries of real servers are installed by those who run locks on real servers; all
 * else does without them.
 */
import { NoVerdict } from '../host/engine-api.js';

const LIBRARIES = ['ioredis', 'pg', 'etcd3', 'node-zookeeper-client'];
const NOT_FOUND = /^Cannot find package '([^']+)'/;

/** What to do about an error that says that one of them is missing; any other error as it is. */
export function withRemedy(error: unknown): unknown {
  const name = error instanceof Error ? NOT_FOUND.exec(error.message)?.[1] : undefined;
  if (name === undefined || !LIBRARIES.includes(name)) return error;
  return new NoVerdict(
    `runs on real servers use the client library ${name}, which is not installed: ` +
      `npm install ${LIBRARIES.join(' ')}`,
  );
}
