/** A real etcd of one member, for tests of its clients. */
import { etcdConnection } from '../../../src/real/client/etcd.js';
import { startEtcd } from '../../../src/real/servers/etcd.js';
import { CallLog, type StartedService } from './real-arm.js';

export interface EtcdService extends StartedService {
  /** Kills the server, and starts it again with what it had. */
  restart(): Promise<void>;
}

export async function startEtcdService(): Promise<EtcdService> {
  const cluster = await startEtcd();
  const [member] = cluster.members;
  const { port } = member!;
  const admin = etcdConnection(new CallLog(), { server: 'e1', host: '127.0.0.1', port });
  return {
    service: 'etcd',
    answersAtEnd: false,
    ports: [port],
    async clear() {
      await admin.delete('\0', { rangeEnd: '\0' });
    },
    open(calls, [address]) {
      const etcd = etcdConnection(calls, address!);
      return { services: { etcd: [etcd] }, close: () => etcd.close() };
    },
    async restart() {
      await member!.kill();
      await member!.start();
    },
    async stop() {
      admin.close();
      await cluster.stop();
    },
  };
}
