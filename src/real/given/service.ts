/**
 * What a run does on a server that is the user's, apart from what its lock does: it claims a mark,
 * and removes all that bears it. Nothing else there is touched.
 */
import type { HostId } from '../../fault.js';
import type { OpenTunnel } from '../proxy/tunnel.js';
import type { ServerAddress } from '../servers/address.js';
import type { Poolers } from '../stage/poolers.js';
import type { Beat } from '../stage/story-server.js';

/** How a client process presents itself, where the proxy before it cannot do that in its place. */
export interface Login {
  readonly user: string;
  readonly password?: string;
  readonly database: string;
}

/** One for each service. Every method that returns a promise settles within a limit. */
export interface GivenService {
  /** It may end a lease so much later than its time. */
  readonly expiryMarginUs: number;
  /** How connections to it are tunnelled. */
  open(address: ServerAddress): OpenTunnel;
  /** Absent: clients need say nothing of who they are. */
  login?(address: ServerAddress, mark: string): Login;
  /** What is started in front of it for clients that go through a pooler. */
  poolers?(address: ServerAddress, server: HostId): Promise<Poolers>;
  /** As of a server of ours (`StoryServer`). */
  beat(address: ServerAddress): Promise<Beat | undefined>;
  /**
   * Makes ready for a run; `false` if something that bears the mark is there already.
   *
   * @param schema SQL that the lock wants run beforehand.
   * @throws Obstacle if the server does not let us.
   */
  claim(address: ServerAddress, mark: string, schema: string | undefined): Promise<boolean>;
  /** The revision of its last write, of one that counts them over all that it keeps. */
  revision?(address: ServerAddress): Promise<number>;
  /**
   * Removes all that bears the mark.
   *
   * @param before What stands before it in names, where they are found by what they begin with.
   * @throws if the server does not let us, or cannot be reached.
   */
  remove(address: ServerAddress, mark: string, before: readonly string[]): Promise<void>;
}
