/**
 * A tool that starts servers, says which, and then waits to be ended in whatever way: run by
 * lifetime.test.ts.
 */
import { startPostgres } from '../../../src/real/servers/postgres.js';
import { startRedis } from '../../../src/real/servers/redis.js';
import type { RealServer } from '../../../src/real/servers/server.js';

const servers: RealServer[] = [await startRedis()];
if (process.argv.includes('postgres')) servers.push(await startPostgres());
// A frozen one has to end too.
servers.at(-1)!.freeze();
process.stdout.write(`${JSON.stringify(servers.map(({ pid }) => pid))}\n`);
setInterval(() => {}, 1_000);
