/**
 * A run on a ZooKeeper that the user has: its znodes are those whose names hold the mark, below `/`
 * or where such a name was sent to, and what is below them. Sessions of clients that are gone end
 * by themselves, after their timeout.
 */
import { ZooKeeperError, type ZooKeeperSession } from '../../algorithms/zookeeper.js';
import { TICK_MS } from '../../sim/services/lease-bounds.js';
import type { ClientCalls } from '../client/client-calls.js';
import { zookeeperClient } from '../client/zookeeper.js';
import { framed } from '../proxy/tunnel.js';
import { zookeeperFraming } from '../proxy/zookeeper.js';
import type { ServerAddress } from '../servers/address.js';
import { Obstacle } from '../servers/obstacle.js';
import type { GivenService } from './service.js';

const LIMIT_MS = 10_000;
const SILENT: ClientCalls = { enter() {}, sends() {}, event: (code) => code() };

export const GIVEN_ZOOKEEPER: GivenService = {
  // To end a session is a transaction of its own.
  expiryMarginUs: 200_000,
  open: () => framed(zookeeperFraming),
  // Sessions end at multiples of a tick, of which this is the default.
  beat: () => Promise.resolve({ periodUs: TICK_MS * 1_000, atUs: 0 }),
  claim: (address, mark) =>
    inSession(address, async (session) => (await marked(session, '', mark)).length === 0),
  remove: (address, mark, before) =>
    inSession(address, async (session) => {
      const folders = new Set(
        ['/', ...before].map((words) => words.slice(0, words.lastIndexOf('/'))),
      );
      for (const folder of folders) {
        for (const path of await marked(session, folder, mark)) await removeTree(session, path);
      }
    }),
};

/** The znodes of a folder whose names hold the mark. */
async function marked(session: ZooKeeperSession, folder: string, mark: string): Promise<string[]> {
  const names = await childrenOf(session, folder === '' ? '/' : folder);
  return names.filter((name) => name.includes(mark)).map((name) => `${folder}/${name}`);
}

async function childrenOf(session: ZooKeeperSession, path: string): Promise<readonly string[]> {
  await session.sync('/');
  try {
    return await session.getChildren(path);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** What is gone meanwhile need not be removed. */
async function removeTree(session: ZooKeeperSession, path: string): Promise<void> {
  try {
    for (const name of await session.getChildren(path))
      await removeTree(session, `${path}/${name}`);
    await session.delete(path);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ZooKeeperError && error.code === 'NONODE';
}

/** @throws Obstacle if it takes longer than a limit. */
async function inSession<T>(
  { host, port }: ServerAddress,
  act: (session: ZooKeeperSession) => Promise<T>,
): Promise<T> {
  const client = zookeeperClient(SILENT, { server: 'z1', host, port });
  const session = client.connect({ timeoutMs: 2 * TICK_MS });
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const why = `did not let us look at its znodes within ${LIMIT_MS / 1_000} s`;
    limit = setTimeout(() => reject(new Obstacle(why)), LIMIT_MS);
  });
  try {
    return await Promise.race([act(session), late]);
  } finally {
    clearTimeout(limit);
    session.close();
  }
}
