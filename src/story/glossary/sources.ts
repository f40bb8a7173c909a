/** The works that the glossary cites more than once. */
export const REDIS_PAGE = 'Redis documentation, "Distributed Locks with Redis"';
export const KLEPPMANN =
  'M. Kleppmann, "How to do distributed locking", 2016, ' +
  'https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html';
export const ANTIREZ = 'S. Sanfilippo, "Is Redlock safe?", 2016, http://antirez.com/news/101';
export const GRAY_CHERITON =
  'C. Gray and D. Cheriton, "Leases: An Efficient Fault-Tolerant Mechanism for Distributed File ' +
  'Cache Consistency", SOSP 1989';
export const CHUBBY =
  'M. Burrows, "The Chubby Lock Service for Loosely-Coupled Distributed Systems", OSDI 2006';
export const LARAVEL = 'laravel/framework#26213';
export const REDIS_PY = 'redis/redis-py#1031';
export const REDSYNC = 'go-redsync/redsync#186';
export const ETCD_LOCK = 'etcd-io/etcd#11456';
export const JEPSEN_HISTORY = 'jepsen-io/history';
