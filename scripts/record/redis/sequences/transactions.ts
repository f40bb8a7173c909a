/**
 * Transactions and WATCH.
 */
import { type Sequence, sequence } from '../sequence.js';

export const TRANSACTIONS: readonly Sequence[] = [
  sequence(
    'MULTI and EXEC',
    `MULTI
     SET k v
     GET k
     INCR n
     EXEC
     GET k
     MULTI
     EXEC`,
  ),
  sequence(
    'nothing is visible before EXEC',
    `MULTI
     SET k v
     b: GET k
     EXEC
     b: GET k`,
  ),
  sequence(
    'an error at run time does not stop a transaction',
    `SET s x
     MULTI
     INCR s
     SET k v
     LPUSH s y
     EXEC
     GET k`,
  ),
  sequence(
    'a command that cannot be queued aborts the transaction',
    `MULTI
     SET k v
     FOO
     SET k w
     EXEC
     GET k
     MULTI
     SET k
     EXEC
     MULTI
     CLIENT FOO
     EXEC
     GET k`,
  ),
  sequence(
    'misuse',
    `EXEC
     DISCARD
     MULTI
     MULTI
     SET k v
     EXEC
     MULTI
     WATCH k
     EXEC
     MULTI
     EXEC x
     EXEC
     MULTI
     SET k w
     EXEC x
     GET k
     MULTI x
     DISCARD x
     EXEC x`,
  ),
  sequence(
    'DISCARD',
    `MULTI
     SET k v
     DISCARD
     GET k
     EXEC
     WATCH k
     MULTI
     DISCARD
     SET k w
     MULTI
     GET k
     EXEC`,
  ),
  sequence(
    'WATCH lets a transaction through if nothing changed',
    `SET k v
     WATCH k
     MULTI
     SET k w
     EXEC
     GET k`,
  ),
  sequence(
    'WATCH: another client writes',
    `SET k v
     WATCH k other
     b: SET k w
     MULTI
     SET k x
     EXEC
     GET k
     MULTI
     SET k x
     EXEC`,
  ),
  sequence(
    'WATCH: another client writes after MULTI',
    `WATCH k
     MULTI
     SET k x
     b: SET k w
     EXEC
     GET k`,
  ),
  sequence(
    'WATCH: one writes oneself',
    `WATCH k
     SET k v
     MULTI
     GET k
     EXEC`,
  ),
  sequence(
    'WATCH: a write that changes nothing',
    `SET k v
     WATCH k
     b: SETNX k w
     b: DEL missing
     b: PERSIST k
     b: GETEX k
     MULTI
     EXEC
     WATCH k
     b: SET k v
     MULTI
     EXEC`,
  ),
  sequence(
    'WATCH: an expiry is set',
    `SET k v
     WATCH k
     b: PEXPIRE k 50000
     MULTI
     EXEC`,
  ),
  sequence(
    'WATCH: the key is deleted',
    `SET k v
     WATCH k
     b: DEL k
     MULTI
     EXEC`,
  ),
  sequence(
    'WATCH: the key is flushed',
    `SET k v
     WATCH k missing
     b: FLUSHALL
     MULTI
     EXEC`,
  ),
  sequence(
    'WATCH: a missing key and a flush',
    `WATCH missing
     SET k v
     b: FLUSHALL
     MULTI
     EXEC`,
  ),
  sequence(
    'WATCH: the key comes and goes',
    `WATCH k
     b: SET k v
     b: DEL k
     MULTI
     EXEC`,
  ),
  sequence(
    'WATCH: the key expires',
    `SET k v PX 30
     WATCH k
     (wait 70)
     MULTI
     SET k w
     EXEC
     GET k`,
  ),
  sequence(
    'WATCH of a key that has expired already',
    `SET k v PX 30
     (wait 70)
     WATCH k
     b: GET k
     MULTI
     SET k w
     EXEC`,
  ),
  sequence(
    'UNWATCH',
    `WATCH k
     b: SET k v
     UNWATCH
     MULTI
     GET k
     EXEC
     WATCH k
     MULTI
     UNWATCH
     b: SET k w
     EXEC
     WATCH
     UNWATCH k`,
  ),
  sequence(
    'WATCH ends with the transaction',
    `WATCH k
     MULTI
     EXEC
     b: SET k v
     MULTI
     GET k
     EXEC
     WATCH k
     MULTI
     FOO
     EXEC
     b: SET k w
     MULTI
     GET k
     EXEC`,
  ),
  sequence(
    'two clients: one transaction wins',
    `SET n 1
     WATCH n
     b: WATCH n
     GET n
     b: GET n
     MULTI
     b: MULTI
     SET n 2
     b: SET n 3
     EXEC
     b: EXEC
     GET n`,
  ),
  sequence(
    'compare and delete with WATCH',
    `SET lock a PX 10000
     WATCH lock
     GET lock
     MULTI
     DEL lock
     EXEC
     b: SET lock b NX PX 10000
     WATCH lock
     GET lock
     UNWATCH`,
  ),
  sequence(
    'transactions with other commands',
    `MULTI
     PUBLISH c m
     PING
     ECHO hi
     TIME
     EVAL "return redis.call('SET', KEYS[1], 'v')" 1 k
     HGETALL h
     PTTL k
     WAIT 1 0
     EXEC`,
  ),
  sequence(
    'a transaction ends with its connection',
    `b: MULTI
     b: SET k v
     (close b)
     GET k`,
  ),
  sequence(
    'a WATCH ends with its connection',
    `b: WATCH k
     (close b)
     SET k v
     b: MULTI
     b: EXEC`,
  ),
  sequence(
    'RESET ends a transaction',
    `MULTI
     SET k v
     RESET
     GET k
     EXEC
     CLIENT SETNAME x
     RESET
     CLIENT GETNAME`,
  ),
];
